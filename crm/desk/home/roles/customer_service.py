"""Home of customer service: who began to fade, and who complained or wants to leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Link, Today, counted, told
from crm.desk.home.roles.operations import moves_of_days
from crm.desk.home.roles.relationship_manager import stage_figures
from crm.desk.home.stage_changes import latest_moves, moves_block, names_of, said_of_decline, since_yesterday
from crm.desk.home.warnings import open_warnings, warnings_block
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import count_by_stage, stage_totals
from members.lifecycle.models import Stage, WarningKind

DAYS = timedelta(days=3)


def today(staff: Staff, now: datetime) -> Today:
    """Six queries."""
    new = since_yesterday(now)
    signals = open_warnings(staff, new, [WarningKind.SIGNAL])
    idle = open_warnings(staff, new, [WarningKind.IDLE, WarningKind.AUM_FALL])
    moves = latest_moves(staff, now, now - DAYS, Stage.DECLINE)
    counted_moves = moves_of_days(day_of(new), day_of(now))
    names = names_of(
        staff,
        signals.ids,
        idle.ids,
        (row.member_id for row in moves),
    )
    parts = []
    if signals.fresh:
        words = ngettext(
            "%(count)s member complained or requested account closure since yesterday",
            "%(count)s members complained or requested account closure since yesterday",
            signals.fresh,
        )
        parts.append(words % {"count": counted(signals.fresh, READ)})
    fell = sum(count for (_left, entered), count in counted_moves.items() if entered == Stage.DECLINE)
    parts += said_of_decline(counted(fell), fell)
    return Today(
        told(parts, _("No complaints, closure requests or entries into Decline since yesterday.")),
        stage_figures(stage_totals(count_by_stage(staff))),
        (
            warnings_block(signals, names, _("Complaints and closure requests"), now),
            moves_block(moves, names, _("Recently entered Decline")),
            warnings_block(idle, names, _("At risk: inactive or falling assets"), now),
        ),
        Link(_("Review churn signals"), f"{reverse('members')}?warning=signal&view=all")
        if signals.members
        else None,
    )
