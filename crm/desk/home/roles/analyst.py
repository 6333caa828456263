"""Home of an analyst: the stages and their changes in numbers, without personal data."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Cell, Figure, Home, Table, capped, link_to, to_sentence
from crm.desk.home.transition_counts import transition_counts, transition_counts_block
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.web import formats
from members.lifecycle.counts.stage_counts import count_by_stage, stage_totals
from members.lifecycle.models import Stage, SubState


def home(staff: Staff, now: datetime) -> Home:
    """Two queries."""
    found = count_by_stage(staff)
    totals, all_of_them = stage_totals(found), sum(found.values())
    yesterday = day_of(now) - timedelta(days=1)
    transitions = transition_counts(yesterday, yesterday)
    fell = sum(count for (_left, to), count in transitions.items() if to == Stage.DECLINE)
    recovered = sum(
        count for (left, to), count in transitions.items() if left == Stage.DECLINE and to != Stage.DECLINE
    )
    words = ngettext("%(count)s member", "%(count)s members", all_of_them)
    parts = [words % {"count": capped(all_of_them)}]
    if fell or recovered:
        values = {"fell": formats.number(fell), "rose": formats.number(recovered)}
        parts.append(_("yesterday %(fell)s entered Decline and %(rose)s recovered") % values)
    figures = [
        Figure(
            _("%(stage)s · %(share)s")
            % {
                "stage": Stage(name).label,
                "share": formats.share(count / all_of_them if all_of_them else None),
            },
            capped(count),
            f"{reverse('members')}?stage={name}&view=all",
            tone=name,
        )
        for name, count in totals.items()
    ]
    return Home(
        to_sentence(parts, ""),
        figures,
        (transition_counts_block(transitions, yesterday), _sub_states(found, all_of_them)),
        link_to(_("View KPIs"), "kpis"),
    )


def _sub_states(found: dict[tuple[str, str], int], all_of_them: int) -> Block:
    rows = [
        [
            Cell(f"{Stage(stage).label} · {SubState(sub).label}", number=False),
            Cell(formats.number(count), f"{reverse('members')}?stage={stage}&sub_state={sub}&view=all"),
            Cell(formats.share(count / all_of_them)),
        ]
        for (stage, sub), count in sorted(found.items(), key=lambda row: -row[1])
        if sub
    ]
    return Block(
        _("Sub-states"),
        table=Table([_("Sub-state"), _("Members"), _("Share")], rows),
        more=link_to(_("Lifecycle"), "lifecycle"),
        empty=_("No members in a sub-state."),
    )
