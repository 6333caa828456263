"""A member's points for the member page: what there is, what expires when, and the postings by pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from members.loyalty.models import PointsEntry, PointsLot
from members.loyalty.points.ledger.balance import Balance, get_balance
from members.loyalty.points.sentences.entries import ShownEntry, shown_entries

ENTRIES = 20
LOTS = 6
LATEST_FIRST = Order("at", parse_instant, key_descending=True, nulls=False)


@dataclass(frozen=True)
class MemberPoints:
    """`lots` are those with points left, in the order of their use; `entries` those of
    `page`, the latest first."""

    balance: Balance
    lots: Sequence[PointsLot]
    entries: Sequence[ShownEntry]
    page: Page


def member_points(programme_id: int, member_id: int, now: datetime, after: str = "") -> MemberPoints:
    """The page after the token, for a member whom the reader may see.

    Seven queries at most. Raises BadQuery.
    """
    rows = PointsEntry.objects.filter(member=member_id, programme=programme_id, recorded_at__lte=now)
    lots = PointsLot.objects.filter(member=member_id, programme=programme_id, remaining__gt=0)
    in_order = lots.order_by("pending", F("expires_at").asc(nulls_last=True), "id")
    page = page_of(rows, LATEST_FIRST, after, ENTRIES)
    balance = get_balance(programme_id, member_id)
    return MemberPoints(balance, list(in_order[:LOTS]), shown_entries(page.rows), page)
