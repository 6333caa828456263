"""Segments and their members for tests: created as a person would, kept until nothing waits."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from django.db import connection

from crm.staff.models import Role, Staff
from members.segments.change.save import Draft, create_segment
from members.segments.keeping.keep import Kept, has_pending, keep
from members.segments.models import Kind, Membership, Segment
from tests.crm.cast import NOW, staff_of

RICH = {"field": "aum", "op": ">=", "value": 1000}
PATIENCE = 30.0  # seconds for which transactions of other tests may be waited for


def maker(role: Role = Role.OPERATIONS) -> Staff:
    return Staff.objects.filter(role=role).first() or staff_of(role)


def segment(rule: Any = RICH, *, name: str = "", now: datetime = NOW, **more: Any) -> Segment:
    """A segment by rule, not computed yet."""
    draft = Draft(name or f"Segment {Segment.objects.count() + 1}", Kind.RULE, rule, **more)
    return create_segment(draft, staff=maker(), now=now)


def kept(now: datetime = NOW, **more: Any) -> Kept:
    """Keep until nothing waits: a segment waits for transactions that are older, also of other databases."""
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


def outlast_writers() -> None:
    """Note the writers of new segments, as `keep` does, and wait until they are over: it computes at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        (next_id,) = cursor.fetchone()
        Segment.objects.to_compute().update(writers=next_id)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_snapshot_xip(pg_current_snapshot()) AS id"
                " WHERE id::text::bigint < %s AND id IS DISTINCT FROM pg_current_xact_id_if_assigned()",
                [next_id],
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("still waiting")


def members_of(segment: Segment) -> set[int]:
    open_rows = Membership.objects.filter(segment=segment.pk, left_at=None)
    return set(open_rows.values_list("member_id", flat=True))


def spells_of(segment: Segment, member_id: int) -> list[tuple[datetime, datetime | None]]:
    rows = Membership.objects.filter(segment=segment.pk, member=member_id).order_by("joined_at", "id")
    return list(rows.values_list("joined_at", "left_at"))
