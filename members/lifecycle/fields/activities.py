"""Changes of stage that members made, and churn warnings raised about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label
from members.lifecycle.fields.stages import stages, sub_states, warnings
from members.lifecycle.privacy import CLASSES
from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.types import Choice, Type

_TRANSITION, _WARNING = CLASSES["Transition"], CLASSES["Warning"]


def _stage(name: str, label: Label, column: str, choices: Callable[[], Sequence[Choice]]) -> Property:
    return Property(
        name=name,
        label=label,
        type=Type.CHOICE,
        sql=f"a.{column}",
        privacy=(_TRANSITION[column],),
        choices=choices,
    )


ACTIVITIES = (
    Activity(
        name="stage_change",
        label=_("Stage change"),
        did=_("changed stage"),
        table="lifecycle_transition",
        at="a.effective_at",
        condition="a.superseded_at IS NULL",
        privacy=(_TRANSITION["effective_at"], _TRANSITION["to_stage"]),
        properties=(
            _stage("from", _("From stage"), "from_stage", stages),
            _stage("to", _("To stage"), "to_stage", stages),
            _stage("from_sub_state", _("From sub-state"), "from_sub_state", sub_states),
            _stage("to_sub_state", _("To sub-state"), "to_sub_state", sub_states),
            Property(
                name="won_back",
                label=_("Won back"),
                type=Type.FLAG,
                sql="a.won_back",
                privacy=(_TRANSITION["won_back"],),
            ),
            Property(
                name="settled",
                label=_("Settled"),
                type=Type.FLAG,
                sql="a.settled",
                privacy=(_TRANSITION["settled"],),
            ),
        ),
        searched_by=("transition", "lifecycle"),
    ),
    Activity(
        name="warning",
        label=_("Churn warning"),
        did=_("had a churn warning"),
        table="lifecycle_warning",
        at="a.raised_at",
        condition="a.superseded_at IS NULL",
        privacy=(_WARNING["raised_at"],),
        properties=(
            Property(
                name="kind",
                label=_("Type"),
                type=Type.CHOICE,
                sql="a.kind",
                privacy=(_WARNING["kind"],),
                choices=warnings,
            ),
        ),
    ),
)
