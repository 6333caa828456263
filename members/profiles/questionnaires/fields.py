"""When the risk assessment of a member ends, and how it stands: fields of the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from members.profiles.fields.risk import ASSESSED_THEN, ASSESSMENT_TABLES, NEXT_ASSESSMENT
from members.profiles.privacy import CLASSES
from members.profiles.questionnaires.sentences.state import STATES
from members.profiles.questionnaires.validity import END_SQL, State
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Field, Index
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Choice, Type

_OF_MEMBER = CLASSES["Member"]
_ENDING_TABLES = (*ASSESSMENT_TABLES, "profiles_assessmentwithdrawal")
_NEXT_WITHDRAWAL = day_start(
    "(SELECT min(w.day) FROM profiles_assessmentwithdrawal AS w"
    " WHERE w.member_id = m.id AND w.day > %(today)s)"
)
_NEXT_FACT = f"least({NEXT_ASSESSMENT}, {_NEXT_WITHDRAWAL})"
_ENDS_THEN = ASSESSED_THEN.format(
    "least((a.assessed_on + interval '1 year')::date,"
    " profiles_risk_ends_on(a.member_id, a.assessed_on, %(today)s))"
)
_WITHDRAWN = "EXISTS (SELECT FROM profiles_assessmentwithdrawal AS w WHERE w.member_id = m.id AND w.day = {})"


def _state(end: str) -> str:
    """The state of an assessment that ends on a day, which an expression gives; NULL: there is none."""
    cases = (
        f"CASE WHEN e.day IS NULL THEN '{State.NONE}' WHEN e.day - 30 > %(today)s THEN '{State.VALID}'"
        f" WHEN e.day > %(today)s THEN '{State.EXPIRING}'"
        f" WHEN {_WITHDRAWN.format('e.day')} THEN '{State.WITHDRAWN}' ELSE '{State.EXPIRED}' END"
    )
    return f"(SELECT {cases} FROM (SELECT {end} AS day) AS e)"  # noqa: S608  # expressions of our own


def _next_state(end: str) -> str:
    """The first instant after which the state is another by itself: 30 days before its end, at its end."""
    first = day_start(
        "(CASE WHEN e.day - 30 > %(today)s THEN e.day - 30 WHEN e.day > %(today)s THEN e.day END)"
    )
    return f"(SELECT {first} FROM (SELECT {end} AS day) AS e)"  # noqa: S608  # expressions of our own


def _assessment_states() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in STATES.items()]


FIELDS = (
    Field(
        name="assessment_ends",
        label=_("Assessment expires"),
        help=_("The first day on which the latest risk assessment is no longer valid."),
        type=Type.DAY,
        happens=True,
        sql=END_SQL,
        privacy=(_OF_MEMBER["risk_assessed_on"], _OF_MEMBER["risk_ends_on"]),
        tables=_ENDING_TABLES,
        past=_ENDS_THEN,
        past_next=_NEXT_FACT,
        index=Index("member_by_assessment_end", descending=False),
        group=groups.RISK,
        searched_by=("questionnaire", "suitability"),
    ),
    Field(
        name="assessment_state",
        label=_("Assessment state"),
        help=_("Whether the risk assessment is valid, about to expire within 30 days, expired or withdrawn."),
        type=Type.CHOICE,
        sql=_state(END_SQL),
        privacy=(_OF_MEMBER["risk_assessed_on"], _OF_MEMBER["risk_ends_on"]),
        tables=_ENDING_TABLES,
        past=_state(_ENDS_THEN),
        past_next=f"least({_next_state(_ENDS_THEN)}, {_NEXT_FACT})",
        next=_next_state(END_SQL),
        choices=_assessment_states,
        group=groups.RISK,
        searched_by=("questionnaire", "suitability", "expired", "withdrawn"),
    ),
)
