"""Give the wealthiest members to the relationship managers, near home, with some history."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from crm.demo.world.places import MANAGERS, manager_of
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Role, Staff
from members.profiles.book import assign

SHARE = 0.6  # of all members with assets that have a manager, the wealthiest of them
LONG = timedelta(days=400)  # members registered before have had a manager for a while
RECENT, FIRST, SECOND = timedelta(days=6), timedelta(days=320), timedelta(days=110)

_WEALTHIEST = sql_beside(__file__)("wealthiest")


def hand_out(staff: Sequence[Staff], *, source: str, now: datetime) -> int:
    """Assign books; every third long-standing member came from a colleague. Returns members assigned."""
    managers = [person for person in staff if person.role == Role.RELATIONSHIP_MANAGER]
    assert len(managers) == len(MANAGERS), "the world counts on as many managers as are hired"
    with connection.cursor() as cursor:
        cursor.execute(_WEALTHIEST, {"source": source})
        wealthiest = cursor.fetchall()
    chosen = wealthiest[: math.ceil(len(wealthiest) * SHARE)]
    first: dict[tuple[int, datetime], list[int]] = defaultdict(list)  # by (place of manager, instant)
    then: dict[tuple[int, datetime], list[int]] = defaultdict(list)
    for place, (member_id, outside_id, region, registered_at) in enumerate(chosen):
        manager = manager_of(outside_id, region)
        if registered_at > now - LONG:
            then[manager, max(registered_at, now - RECENT)].append(member_id)
        elif place % 3:
            then[manager, now - FIRST].append(member_id)
        else:
            first[(manager + 1) % len(managers), now - FIRST].append(member_id)
            then[manager, now - SECOND].append(member_id)
    for books, reason in (
        (first, "首次分配 / First assignment"),
        (then, "客户经理分配 / Assigned to a relationship manager"),
    ):
        for (manager, at), member_ids in sorted(books.items()):
            assign(member_ids=member_ids, staff=managers[manager], reason=reason, now=at)
    return len(chosen)
