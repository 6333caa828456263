"""Segments and their members for tests: created as a person would, kept until nothing waits."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from crm.staff.models import Role, Staff
from members.segments.change.save import Draft, create_segment
from members.segments.keeping.keep import Kept, has_pending, keep
from members.segments.models import Kind, Membership, Segment
from tests.crm.cast import NOW, staff_of

RICH = {"field": "aum", "op": ">=", "value": 1000}
PATIENCE = 30.0  # seconds for which transactions of a test's other connections may be waited for


def maker(role: Role = Role.OPERATIONS) -> Staff:
    return Staff.objects.filter(role=role).first() or staff_of(role)


def segment(rule: Any = RICH, *, name: str = "", now: datetime = NOW, **more: Any) -> Segment:
    """A segment by rule, not computed yet."""
    draft = Draft(name or f"Segment {Segment.objects.count() + 1}", Kind.RULE, rule, **more)
    return create_segment(draft, staff=maker(), now=now)


def kept(now: datetime = NOW, **more: Any) -> Kept:
    """Keep until nothing waits: a segment waits for transactions that are older."""
    done, until = Kept(), time.monotonic() + PATIENCE
    while True:
        one = keep(now=now, **more)
        done.claims += one.claims
        done.joined += one.joined
        done.left += one.left
        done.computed += one.computed
        if not has_pending(now=now):
            return done
        assert time.monotonic() < until, "still waiting"


def members_of(segment: Segment) -> set[int]:
    open_rows = Membership.objects.filter(segment=segment.pk, left_at=None)
    return set(open_rows.values_list("member_id", flat=True))


def spells_of(segment: Segment, member_id: int) -> list[tuple[datetime, datetime | None]]:
    rows = Membership.objects.filter(segment=segment.pk, member=member_id).order_by("joined_at", "id")
    return list(rows.values_list("joined_at", "left_at"))
