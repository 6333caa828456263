"""Change requests pending the reader's review."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Item, Link, link_to
from crm.staff.four_eyes.inbox import waiting_for
from crm.staff.four_eyes.requests import summary_of
from crm.staff.models import Request, Staff

READ = 30  # requests


def pending_requests(staff: Staff, now: datetime) -> list[Request]:
    """The requests that this person can review now, the oldest first. One query."""
    return list(waiting_for(staff, now).order_by("made_at", "id")[:READ])


def describe_pending_requests(rows: list[Request]) -> list[str]:
    """How many requests are pending; empty for none."""
    if not rows:
        return []
    words = ngettext(
        "%(count)d request pending your review", "%(count)d requests pending your review", len(rows)
    )
    return [words % {"count": len(rows)}]


def review_link() -> Link | None:
    """The link to the page of requests."""
    return link_to(_("Review requests"), "requests")


def pending_requests_block(rows: list[Request]) -> Block:
    """The pending requests, with who submitted them and why."""
    page = review_link()
    address = page.address if page else reverse("policy")
    lines = [
        Item(
            summary_of(row),
            address,
            _("%(name)s: %(reason)s") % {"name": row.maker, "reason": row.reason},
            row.made_at,
        )
        for row in rows[:8]
    ]
    return Block(_("Pending your review"), lines, more=page, empty=_("No requests pending your review."))
