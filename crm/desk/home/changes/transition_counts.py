"""Transitions of a day in numbers, by the stages they lead from and to."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.desk.home.blocks import Block, Cell, Link, Table
from crm.web import formats
from members.lifecycle.models import Stage, TransitionCount

Counts = dict[tuple[str, str], int]  # members by (stage left, stage entered); left is empty for new members


def transition_counts(first: date, last: date) -> Counts:
    """Members who changed from one stage to another on these platform days. One query."""
    # Uses index: transitioncount_by_day
    found: Counts = {}
    for left, entered, members in TransitionCount.objects.filter(day__gte=first, day__lte=last).values_list(
        "from_stage", "to_stage", "members"
    ):
        if entered and left != entered:
            found[left or "", entered] = found.get((left or "", entered), 0) + members
    return {stages: members for stages, members in found.items() if members > 0}


def transition_counts_block(counts: Counts, day: date) -> Block:
    """The transitions of a day, the most frequent first."""
    rows = [
        [
            Cell(
                _("%(left)s → %(entered)s") % {"left": _label(left), "entered": _label(entered)}, number=False
            ),
            Cell(formats.number(members), _address(day, left, entered)),
        ]
        for (left, entered), members in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    more = Link(_("Lifecycle"), reverse("lifecycle"))
    table = Table([_("Stage change"), _("Members")], rows)
    return Block(_("Stage changes yesterday"), table=table, more=more, empty=_("No stage changes."))


def _label(stage: str) -> str:
    return str(Stage(stage).label) if stage else _("New")


def _address(day: date, left: str, entered: str) -> str:
    return f"{reverse('moves')}?month={day:%Y-%m}&from={left}&to={entered}"
