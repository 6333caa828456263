"""A member's points for the member page: what there is, what expires when, and the latest postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from members.loyalty.models import PointsEntry, PointsLot
from members.loyalty.points.ledger.balance import Balance, get_balance
from members.loyalty.points.sentences.entries import ShownEntry, shown_entries

ENTRIES = 20
LOTS = 6


@dataclass(frozen=True)
class MemberPoints:
    """`lots` are those with points left, in the order of their use; `entries` the latest postings."""

    balance: Balance
    lots: Sequence[PointsLot]
    entries: Sequence[ShownEntry]


def member_points(programme_id: int, member_id: int, now: datetime) -> MemberPoints:
    """Five queries at most, for a member whom the reader may see."""
    rows = PointsEntry.objects.filter(member=member_id, programme=programme_id, recorded_at__lte=now)
    lots = PointsLot.objects.filter(member=member_id, programme=programme_id, remaining__gt=0)
    in_order = lots.order_by("pending", F("expires_at").asc(nulls_last=True), "id")
    entries = list(rows.order_by("-at", "-id")[:ENTRIES])
    return MemberPoints(get_balance(programme_id, member_id), list(in_order[:LOTS]), shown_entries(entries))
