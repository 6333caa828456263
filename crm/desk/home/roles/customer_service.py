"""Home of customer service: the search, then complaints, closure requests and entries into Decline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Home, capped, first_rows, to_sentence
from crm.desk.home.members import read_members
from crm.desk.home.open_warnings import open_warnings, warnings_block
from crm.desk.home.recent_changes import latest_transitions, since_yesterday, transitions_block
from crm.staff.models import Staff
from members.lifecycle.models import Stage, WarningKind

RECENT = timedelta(days=3)


def home(staff: Staff, now: datetime) -> Home:
    """Three queries."""
    signals = open_warnings(since_yesterday(now), [WarningKind.SIGNAL])
    transitions = latest_transitions(staff, now, now - RECENT, Stage.DECLINE)
    members = read_members(staff, first_rows(signals.ids), (row.member_id for row in first_rows(transitions)))
    parts = []
    if signals.new_count:
        words = ngettext(
            "%(count)s member complained or requested account closure since yesterday",
            "%(count)s members complained or requested account closure since yesterday",
            signals.new_count,
        )
        parts.append(words % {"count": capped(signals.new_count, READ)})
    return Home(
        to_sentence(parts, _("No complaints or closure requests since yesterday.")),
        (),
        (
            warnings_block(signals, members, _("Complaints and closure requests"), now, manager=True),
            transitions_block(transitions, members, _("Recently entered Decline"), manager=True),
        ),
        is_search=True,
    )
