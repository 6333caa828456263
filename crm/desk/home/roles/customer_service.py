"""Home of customer service: complaints, closure requests and entries into Decline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Home, Link, capped, to_sentence
from crm.desk.home.members import member_names, stage_figures
from crm.desk.home.open_warnings import open_warnings, warnings_block
from crm.desk.home.recent_changes import (
    describe_decline,
    latest_transitions,
    since_yesterday,
    transitions_block,
)
from crm.desk.home.transition_counts import transition_counts
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import count_by_stage, stage_totals
from members.lifecycle.models import Stage, WarningKind

RECENT = timedelta(days=3)


def home(staff: Staff, now: datetime) -> Home:
    """Six queries."""
    new = since_yesterday(now)
    signals = open_warnings(staff, new, [WarningKind.SIGNAL])
    idle = open_warnings(staff, new, [WarningKind.IDLE, WarningKind.AUM_FALL])
    transitions = latest_transitions(staff, now, now - RECENT, Stage.DECLINE)
    counts = transition_counts(day_of(new), day_of(now))
    names = member_names(
        staff,
        signals.ids,
        idle.ids,
        (row.member_id for row in transitions),
    )
    parts = []
    if signals.new_count:
        words = ngettext(
            "%(count)s member complained or requested account closure since yesterday",
            "%(count)s members complained or requested account closure since yesterday",
            signals.new_count,
        )
        parts.append(words % {"count": capped(signals.new_count, READ)})
    fell = sum(count for (_left, entered), count in counts.items() if entered == Stage.DECLINE)
    parts += describe_decline(capped(fell), fell)
    return Home(
        to_sentence(parts, _("No complaints, closure requests or entries into Decline since yesterday.")),
        stage_figures(stage_totals(count_by_stage(staff))),
        (
            warnings_block(signals, names, _("Complaints and closure requests"), now),
            transitions_block(transitions, names, _("Recently entered Decline")),
            warnings_block(idle, names, _("At risk: inactive or falling assets"), now),
        ),
        Link(_("Review churn signals"), f"{reverse('members')}?warning=signal&view=all")
        if signals.members
        else None,
    )
