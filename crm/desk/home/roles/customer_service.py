"""Home of customer service: the search, then open complaints, closure requests and entries into Decline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Home, capped, first_rows, to_sentence
from crm.desk.home.changes.recent_changes import latest_transitions, since_yesterday, transitions_block
from crm.desk.home.members import read_members
from crm.desk.home.open_complaints import complaints_block, describe_complaints, open_complaints
from crm.desk.home.open_signals import closure_requests, count_since, open_signals, signals_block
from crm.staff.models import Staff
from members.lifecycle.models import Stage

RECENT = timedelta(days=3)


def home(staff: Staff, now: datetime) -> Home:
    """Four queries."""
    complaints = open_complaints(staff, now)
    closing = closure_requests(open_signals())
    transitions = latest_transitions(staff, now, now - RECENT, Stage.DECLINE)
    members = read_members(
        staff,
        (row.member_id for row in first_rows(complaints)),
        (row.member_id for row in first_rows(closing)),
        (row.member_id for row in first_rows(transitions)),
    )
    parts = describe_complaints(complaints, now)
    if new := count_since(closing, since_yesterday(now)):
        words = ngettext(
            "%(count)s member requested account closure since yesterday",
            "%(count)s members requested account closure since yesterday",
            new,
        )
        parts.append(words % {"count": capped(new, READ)})
    return Home(
        to_sentence(parts, _("No open complaints; no closure requests since yesterday.")),
        (),
        (
            complaints_block(complaints, members, staff, now),
            signals_block(closing, members, _("Closure requests"), _("No closure requests."), now),
            transitions_block(transitions, members, _("Recently entered Decline"), manager=True),
        ),
        is_search=True,
    )
