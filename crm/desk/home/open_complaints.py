"""Open complaints of all members: the oldest first, what was said, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import READ, Block, Item, Link, capped, first_rows
from crm.desk.home.members import Members, member_address, member_note
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from crm.web import formats
from members.profiles.models import Complaint


def open_complaints(staff: Staff, now: datetime) -> list[Complaint]:
    """The oldest open complaints of the members this person may see. One query."""
    rows = Complaint.objects.visible_to(staff).open_at(now).select_related("owner")
    return list(rows[:READ])


def describe_complaints(rows: Sequence[Complaint], now: datetime) -> list[str]:
    """How many complaints are open, and for how long the oldest has been; empty for none."""
    if not rows:
        return []
    words = ngettext("%(count)s complaint open", "%(count)s complaints open", len(rows))
    parts = [words % {"count": capped(len(rows), READ)}]
    unanswered = [row for row in rows if row.answered_at is None]
    if unanswered:
        days = formats.days(unanswered[0].days_open(now))
        parts.append(_("the oldest unanswered one for %(days)s") % {"days": days})
    return parts


def complaints_block(rows: Sequence[Complaint], members: Members, staff: Staff, now: datetime) -> Block:
    """The complaints with their words, owner and days open."""
    lines = [
        Item(
            members[row.member_id].view.name,
            member_address(row.member_id),
            " · ".join(part for part in (masked_value("text", row.words, staff), _owner(row)) if part),
            tag=_("answered") if row.answered_at else _("not answered"),
            tone="" if row.answered_at else "warn",
            amount=formats.days(row.days_open(now)),
            note=member_note(members[row.member_id], manager=True),
        )
        for row in first_rows(rows)
        if row.member_id in members
    ]
    more = Link(
        _("View all"), f"{reverse('members')}?complaint=open&cols=stage,aum,complaint,manager&view=all"
    )
    return Block(
        _("Open complaints"), lines, more=more, empty=_("No open complaints."), note=_("oldest first")
    )


def _owner(row: Complaint) -> str:
    return _("Owner: %(name)s") % {"name": row.owner} if row.owner else _("no owner")
