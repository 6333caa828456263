"""The stage of a member, its warnings, and when either changes."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label
from members.lifecycle.evaluation.bits import AUM_FALL, RULES, WARNINGS
from members.lifecycle.fields.cells import stage_html, stage_text
from members.lifecycle.models import Stage, SubState, WarningKind
from members.lifecycle.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Display, Field, Index, Source
from members.rules.catalogue.platform_days import day_start
from members.rules.catalogue.types import Choice, Type

STANDING = Source("s", "lifecycle_standing", "member_id")
_STANDING, _WARNING = CLASSES["Standing"], CLASSES["Warning"]
_TABLES = ("lifecycle_standing",)
# The standing is computed anew at this instant.
# So it is when facts dated in the future come, which wait among the changed members until then. Most of the
# time nobody's do, which is asked once a statement.
_DAY_TO_COME = day_start("(min(d.since_day) FILTER (WHERE d.since_day > %(today)s))")
COMING = (
    "CASE WHEN (SELECT EXISTS (SELECT FROM lifecycle_dirty AS d WHERE d.since > %(now)s)"
    " OR EXISTS (SELECT FROM lifecycle_dirty AS d WHERE d.since_day > %(today)s))"
    f" THEN (SELECT least(min(d.since) FILTER (WHERE d.since > %(now)s), {_DAY_TO_COME})"
    " FROM lifecycle_dirty AS d WHERE d.member_id = m.id) END"
)
NEXT = f"least(CASE WHEN s.due_at > %(now)s THEN s.due_at END, {COMING})"
_STAGE_THEN = (
    "(SELECT {} FROM lifecycle_transition AS t WHERE t.member_id = m.id AND t.superseded_at IS NULL"
    " AND t.effective_at <= %(now)s ORDER BY t.effective_at DESC LIMIT 1)"
)
_NEXT_TRANSITION = (
    "(SELECT min(t.effective_at) FROM lifecycle_transition AS t WHERE t.member_id = m.id"
    " AND t.superseded_at IS NULL AND t.effective_at > %(now)s)"
)
_NEXT_WARNING = (
    "(SELECT min(e.at) FROM lifecycle_warning AS w"
    " CROSS JOIN LATERAL (VALUES (w.raised_at), (w.ended_at)) AS e (at)"
    " WHERE w.member_id = m.id AND w.superseded_at IS NULL AND e.at > %(now)s)"
)
_OPEN_WARNINGS = (
    "FROM lifecycle_warning AS w WHERE w.member_id = m.id AND w.superseded_at IS NULL"
    " AND w.raised_at <= %(now)s AND (w.ended_at IS NULL OR w.ended_at > %(now)s)"
)
_WARNED_THEN = f"EXISTS (SELECT {_OPEN_WARNINGS})"
_KINDS_THEN = f"ARRAY(SELECT w.kind::text {_OPEN_WARNINGS} ORDER BY w.kind)"


def _names_of(bits: str, table: dict[int, str]) -> str:
    """The names of the set bits of a column, as an array."""
    each = ", ".join(f"CASE WHEN {bits} & {bit} > 0 THEN '{name}' END" for bit, name in table.items())
    return f"array_remove(ARRAY[{each}]::text[], NULL)"


def stages() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in Stage.choices]


def sub_states() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in SubState.choices]


def warnings() -> Sequence[Choice]:
    return [Choice(value, label) for value, label in WarningKind.choices]


def _reasons() -> Sequence[Choice]:
    return [
        Choice("idle", _("Inactivity")),
        Choice("aum_fall", _("Falling assets")),
        Choice("closing", _("Account closure request")),
    ]


def _raised(name: str, label: Label, help_text: Label, kind: str = "") -> Field:
    """When the latest open warning was raised, of one kind or of any."""
    of_kind = f" AND w.kind = '{kind}'" if kind else ""
    latest = f"(SELECT max(w.raised_at) {_OPEN_WARNINGS}{of_kind})"
    return Field(
        name=name,
        label=label,
        help=help_text,
        type=Type.INSTANT,
        sql=latest,
        sources=("s",),
        privacy=(_WARNING["raised_at"],),
        tables=("lifecycle_warning", *_TABLES),
        past=latest,
        past_next=_NEXT_WARNING,
        next=NEXT,
        group=groups.STAGE,
        searched_by=("churn",),
    )


FIELDS = (
    Field(
        name="stage",
        label=_("Stage"),
        help=_("The stage of the life cycle. Missing where the member has not been staged yet."),
        type=Type.CHOICE,
        sql="s.stage",
        sources=("s",),
        privacy=(_STANDING["stage"], _STANDING["sub_state"], _STANDING["warnings"]),
        tables=_TABLES,
        past=_STAGE_THEN.format("t.to_stage"),
        past_next=_NEXT_TRANSITION,
        next=NEXT,
        choices=stages,
        group=groups.STAGE,
        searched_by=("lifecycle",),
        display=Display(
            sql="ARRAY[s.stage, s.sub_state, s.warnings::text]", html=stage_html, text=stage_text
        ),
    ),
    Field(
        name="sub_state",
        label=_("Sub-state"),
        help=_("The sub-state within the stage. Missing where the stage has none."),
        type=Type.CHOICE,
        sql="s.sub_state",
        sources=("s",),
        privacy=(_STANDING["sub_state"],),
        tables=_TABLES,
        past=_STAGE_THEN.format("t.to_sub_state"),
        past_next=_NEXT_TRANSITION,
        next=NEXT,
        choices=sub_states,
        group=groups.STAGE,
        searched_by=("lifecycle", "dormant", "churned"),
    ),
    Field(
        name="stage_since",
        label=_("In stage since"),
        help=_("When the member entered its stage and sub-state. Missing where nobody recorded it."),
        type=Type.INSTANT,
        sql="s.since",
        sources=("s",),
        privacy=(_STANDING["since"],),
        tables=_TABLES,
        past=_STAGE_THEN.format("t.effective_at"),
        past_next=_NEXT_TRANSITION,
        next=NEXT,
        index=Index("standing_by_stage_since", by="stage"),
        group=groups.STAGE,
        searched_by=("transition", "moved"),
    ),
    Field(
        name="next_change",
        label=_("Next expected change"),
        help=_("When stage or warnings can change without new activity."),
        type=Type.INSTANT,
        sql="s.due_at",
        sources=("s",),
        privacy=(_STANDING["due_at"],),
        tables=_TABLES,
        next=NEXT,
        index=Index("standing_due", descending=False),
        group=groups.STAGE,
        searched_by=("due", "forecast"),
    ),
    Field(
        name="warned",
        label=_("With warnings"),
        negated=_("Without warnings"),
        help=_("Whether a churn warning is open."),
        type=Type.FLAG,
        sql="s.warnings > 0",
        sources=("s",),
        privacy=(_STANDING["warnings"],),
        tables=_TABLES,
        past=_WARNED_THEN,
        past_next=_NEXT_WARNING,
        next=NEXT,
        group=groups.STAGE,
        searched_by=("churn", "risk"),
    ),
    Field(
        name="warnings",
        label=_("Warning"),
        help=_(
            "The churn warnings that are open. Falling assets warn of a smaller fall than the open fall of"
            " assets, which is decline."
        ),
        type=Type.SET,
        sql=_names_of("s.warnings", WARNINGS),
        sources=("s",),
        privacy=(_STANDING["warnings"],),
        tables=_TABLES,
        past=_KINDS_THEN,
        past_next=_NEXT_WARNING,
        next=NEXT,
        choices=warnings,
        group=groups.STAGE,
        searched_by=("churn", "risk"),
    ),
    _raised("warning_since", _("Latest warning"), _("When the latest open warning was raised.")),
    _raised(
        "idle_warning_since",
        _("Inactivity warning since"),
        _("When the open warning of inactivity was raised."),
        WarningKind.IDLE,
    ),
    _raised(
        "fall_warning_since",
        _("Falling assets warning since"),
        _(
            "When the open warning of falling assets was raised. It comes before the fall that is decline:"
            " ask for an open fall of assets for that."
        ),
        WarningKind.AUM_FALL,
    ),
    _raised(
        "signal_warning_since",
        _("Churn signal warning since"),
        _("When the open warning of a churn signal was raised."),
        WarningKind.SIGNAL,
    ),
    Field(
        name="decline_reasons",
        label=_("Reasons of decline"),
        help=_("The rules of decline that hold for the member."),
        type=Type.SET,
        sql=_names_of("s.rules", RULES),
        sources=("s",),
        privacy=(_STANDING["rules"],),
        tables=_TABLES,
        next=NEXT,
        choices=_reasons,
        group=groups.STAGE,
        searched_by=("churn",),
    ),
    Field(
        name="assets_fell",
        label=_("Open fall of assets"),
        negated=_("No open fall of assets"),
        help=_(
            "Whether assets have fallen by so much that the member is in decline, and have not recovered."
            " The warning of falling assets comes earlier, at a smaller fall."
        ),
        type=Type.FLAG,
        sql=f"s.rules & {AUM_FALL} > 0",
        sources=("s",),
        privacy=(_STANDING["rules"], _STANDING["aum"]),
        tables=_TABLES,
        next=NEXT,
        group=groups.STAGE,
        searched_by=("churn", "AUM"),
    ),
)
