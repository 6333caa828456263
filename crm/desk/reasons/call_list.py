"""Whom to call today and why, in order: urgent and new since yesterday first, then by value × urgency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from crm.desk.reasons.registry import Reason, sources
from crm.runtime.clock import day_of, day_start
from crm.runtime.database.prepared import fetch_prepared, name_parameters
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.local_names import reads_english
from crm.staff.models import Staff
from members.profiles.book import assigned_member_ids

MOST = 60  # members
MOST_OF_SOURCE = 300  # reasons of one source
URGENT = Decimal("0.5")  # from this urgency on, what is new comes first
_RANKED, _SOURCE = map(sql_beside(__file__), ("ranked", "source"))


@dataclass(frozen=True)
class Call:
    """A member to call: all reasons, the weightiest first; `is_new`: an urgent one is new since yesterday."""

    member_id: int
    reasons: tuple[Reason, ...]
    is_new: bool

    @property
    def first(self) -> Reason:
        """The reason that gives the call its place."""
        return self.reasons[0]


@dataclass(frozen=True)
class CallList:
    """The first MOST calls, how many there are in all and how many are new; and reasons by source.

    `by_source` holds the first MOST_OF_SOURCE reasons of each source, the earliest due first, also those that
    call for nobody yet (urgency 0).
    """

    calls: Sequence[Call]
    total: int
    new: int
    by_source: dict[str, list[Reason]]

    def of_source(self, key: str) -> list[Reason]:
        """The reasons of one source, the earliest due first."""
        return self.by_source.get(key, [])


def read_call_list(staff: Staff, now: datetime) -> CallList:
    """The calls of this person's members. One query."""
    visible, values = name_parameters(*assigned_member_ids(staff).query.sql_with_params(), "own")
    values |= {
        "now": now,
        "today": day_of(now),
        "new": day_start(day_of(now) - timedelta(days=1)),
        "zone": settings.BUSINESS_TIME_ZONE,
        "english": reads_english(),
        "urgent": URGENT,
        "most": MOST,
        "most_of_source": MOST_OF_SOURCE,
    }
    parts = [_SOURCE.format(key=key, sql=one.sql()) for key, one in sources().items()]
    statement = _RANKED.format(visible=visible, reasons="UNION ALL ".join(parts))
    return _call_list(fetch_prepared(statement, values))


def _call_list(rows: list[tuple[Any, ...]]) -> CallList:
    calls: dict[int, list[Reason]] = {}
    new, total = 0, 0
    of_source: dict[str, list[tuple[int, Reason]]] = {}
    fresh: set[int] = set()
    for place, source_place, is_new, new_count, count, *values in rows:
        reason = Reason(*values)
        new, total = new_count or 0, count or 0
        if place is not None and place <= MOST:
            calls.setdefault(reason.member_id, []).append(reason)
            if is_new:
                fresh.add(reason.member_id)
        if source_place <= MOST_OF_SOURCE:
            of_source.setdefault(reason.source, []).append((source_place, reason))
    return CallList(
        [Call(member_id, tuple(reasons), member_id in fresh) for member_id, reasons in calls.items()],
        total,
        new,
        {key: [reason for _place, reason in sorted(found, key=_place)] for key, found in of_source.items()},
    )


def _place(pair: tuple[int, Reason]) -> int:
    return pair[0]
