"""Badges and quests in the catalogue: what members have now, and what they earned when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.runtime.text.local_names import local_name
from crm.staff.models import Staff
from members.loyalty.incentives.visibility import hidden_codes
from members.loyalty.models import IncentiveKind, IncentiveVersion
from members.loyalty.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.choices import read_choices
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Choice, Type

_BADGES = """ARRAY(
    SELECT DISTINCT i.code FROM loyalty_badgeaward AS w JOIN loyalty_incentive AS i ON i.id = w.incentive_id
    WHERE w.member_id = m.id AND w.at <= %(now)s AND w.superseded_at IS NULL
)"""
_NEXT_BADGE = """(
    SELECT min(w.at) FROM loyalty_badgeaward AS w
    WHERE w.member_id = m.id AND w.at > %(now)s AND w.superseded_at IS NULL
)"""
_QUESTS = """ARRAY(
    SELECT i.code FROM loyalty_questprogress AS w JOIN loyalty_incentive AS i ON i.id = w.incentive_id
    WHERE w.member_id = m.id AND w.completed_at <= %(now)s AND w.superseded_at IS NULL
)"""
_NEXT_QUEST = """(
    SELECT min(w.completed_at) FROM loyalty_questprogress AS w
    WHERE w.member_id = m.id AND w.completed_at > %(now)s AND w.superseded_at IS NULL
)"""


def _names() -> list[tuple[str, str, str]]:
    """Kind, code and name, as of the latest version, of each badge and quest."""
    latest = IncentiveVersion.objects.order_by("incentive__code", "-number").distinct("incentive__code")
    return list(
        latest.annotate(shown=local_name()).values_list("incentive__kind", "incentive__code", "shown")
    )


def _choices(kind: IncentiveKind, staff: Staff | None = None) -> list[Choice]:
    """The badges or quests by code; both are read at once, as most pages that have one have the other."""
    hidden = read_choices(partial(hidden_codes, staff)) if staff else frozenset()
    return [
        Choice(code, name)
        for its_kind, code, name in read_choices(_names)
        if its_kind == kind and code not in hidden
    ]


def _of(kind: IncentiveKind) -> Callable[[], Sequence[Choice]]:
    return lambda: _choices(kind)


def _seen(kind: IncentiveKind) -> Callable[[Staff], Sequence[Choice]]:
    return lambda staff: _choices(kind, staff)


def rules_of(code: str) -> Iterator[Any]:
    """All rules of the latest version of a badge or quest, as JSON."""
    latest = IncentiveVersion.objects.filter(incentive__code=code).order_by("-number").first()
    if latest is not None:
        yield latest.rule
        yield from (step["rule"] for step in latest.steps)


BADGES = Field(
    name="badges",
    label=_("Badges"),
    help=_("Badges the member has earned"),
    type=Type.SET,
    sql=_BADGES,
    past=_BADGES,
    next=_NEXT_BADGE,
    privacy=(CLASSES["BadgeAward"]["incentive"],),
    tables=("loyalty_badgeaward",),
    choices=_of(IncentiveKind.BADGE),
    choices_for=_seen(IncentiveKind.BADGE),
    references=rules_of,
    group=groups.RELATIONSHIP,
    searched_by=("medal", "勋章", "徽章"),
)
QUESTS_COMPLETED = Field(
    name="quests_completed",
    label=_("Quests completed"),
    help=_("Quests the member has completed"),
    type=Type.SET,
    sql=_QUESTS,
    past=_QUESTS,
    next=_NEXT_QUEST,
    privacy=(CLASSES["QuestProgress"]["incentive"],),
    tables=("loyalty_questprogress",),
    choices=_of(IncentiveKind.QUEST),
    choices_for=_seen(IncentiveKind.QUEST),
    references=rules_of,
    group=groups.RELATIONSHIP,
    searched_by=("task", "mission", "任务"),
)
BADGE_EARNED = Activity(
    name="badge",
    label=_("Badge"),
    did=_("earned a badge"),
    table="loyalty_badgeaward",
    at="a.at",
    condition="a.superseded_at IS NULL",
    privacy=(CLASSES["BadgeAward"]["at"],),
    properties=(
        Property(
            name="badge",
            label=_("Badge"),
            type=Type.CHOICE,
            sql="i.code",
            privacy=(CLASSES["BadgeAward"]["incentive"],),
            choices=_of(IncentiveKind.BADGE),
            choices_for=_seen(IncentiveKind.BADGE),
            through="a.incentive_id IN (SELECT i.id FROM loyalty_incentive AS i WHERE {condition})",
            tables=("loyalty_incentive",),
        ),
    ),
    searched_by=("medal", "勋章"),
)
