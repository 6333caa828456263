"""Requests that wait for the reader's decision."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Line, Link, link
from crm.staff.four_eyes.inbox import waiting_for
from crm.staff.four_eyes.requests import summary_of
from crm.staff.models import Request, Staff

READ = 30


def waiting(staff: Staff, now: datetime) -> list[Request]:
    """What this person could decide now, the oldest first. One query."""
    return list(waiting_for(staff, now).order_by("made_at", "id")[:READ])


def said_of_requests(rows: list[Request]) -> list[str]:
    """How many wait, in words; nothing where none does."""
    if not rows:
        return []
    words = ngettext(
        "%(count)d request pending your review", "%(count)d requests pending your review", len(rows)
    )
    return [words % {"count": len(rows)}]


def page() -> Link | None:
    """Where requests are decided."""
    return link(_("Review requests"), "requests")


def requests_block(rows: list[Request]) -> Block:
    """The requests that wait, with who asks and why."""
    place = page()
    address = place.address if place else reverse("policy")
    lines = [
        Line(
            summary_of(row),
            address,
            _("%(name)s: %(reason)s") % {"name": row.maker, "reason": row.reason},
            row.made_at,
        )
        for row in rows[:8]
    ]
    return Block(_("Pending your review"), lines, more=place, empty=_("No requests pending your review."))
