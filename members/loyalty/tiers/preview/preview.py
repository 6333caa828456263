"""Who would move under drafted tier rules: every member judged on their first day, by the facts known now."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import zone_parameters
from members.loyalty.models import TierPolicy
from members.loyalty.tiers.policy.draft import READ_BY

_sql = sql_beside(__file__)
RANGE = 50_000  # members judged by one statement
SAMPLES = 50  # members kept of each way of moving: a reader is shown those that they may see


@dataclass
class Preview:
    """What rules would change at once, if nothing else did. Ranks instead of tiers.

    `moves[before, after] = (members, their assets; 0 for those who stay)`; `samples` are (member, before,
    after, assets), the largest first; `books[staff] = (members who leave the lowest tier, who fall into it)`.
    """

    moves: dict[tuple[int, int], tuple[int, Decimal]] = field(default_factory=dict)
    samples: list[tuple[int, int, int, Decimal]] = field(default_factory=list)
    books: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def members(self) -> int:
        return sum(members for members, _aum in self.moves.values())

    @property
    def moved(self) -> int:
        return sum(members for (before, after), (members, _aum) in self.moves.items() if before != after)

    def counts(self) -> tuple[dict[int, int], dict[int, int]]:
        """Members by rank: (before, after)."""
        before: dict[int, int] = {}
        after: dict[int, int] = {}
        for (old, new), (members, _aum) in self.moves.items():
            before[old] = before.get(old, 0) + members
            after[new] = after.get(new, 0) + members
        return before, after

    def add(self, moves: str | None, samples: str | None, books: str | None) -> None:
        """Add what one range of members gave (sql/range.sql)."""
        for before, after, members, aum in _rows(moves):
            known, worth = self.moves.get((before, after), (0, Decimal()))
            self.moves[before, after] = (known + members, worth + Decimal(aum or 0))
        found = [(member, before, after, Decimal(aum)) for member, before, after, aum in _rows(samples)]
        self.samples = _largest(self.samples + found)
        for staff, gains, losses in _rows(books):
            had, lost = self.books.get(staff, (0, 0))
            self.books[staff] = (had + gains, lost + losses)

    def to_json(self) -> dict[str, Any]:
        """The preview for a JSON field, money as text."""
        return {
            "moves": sorted([*move, members, str(aum)] for move, (members, aum) in self.moves.items()),
            "samples": [[*sample[:3], str(sample[3])] for sample in self.samples],
            "books": sorted([staff, *counts] for staff, counts in self.books.items()),
            "moved": self.moved,
            "members": self.members,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Preview:
        """Back from to_json()."""
        return cls(
            moves={(a, b): (members, Decimal(aum)) for a, b, members, aum in stored["moves"]},
            samples=[(member, a, b, Decimal(aum)) for member, a, b, aum in stored["samples"]],
            books={staff: (gains, losses) for staff, gains, losses in stored["books"]},
        )


def _rows(stored: Any) -> list[Any]:
    """The rows of a JSON aggregate, empty for NULL."""
    return list(json.loads(stored, parse_float=Decimal) if isinstance(stored, str) else stored or [])


def _largest(samples: list[tuple[int, int, int, Decimal]]) -> list[tuple[int, int, int, Decimal]]:
    """The members with the highest assets of each way of moving."""
    by_move: dict[tuple[int, int], list[tuple[int, int, int, Decimal]]] = {}
    for sample in sorted(samples, key=lambda one: (-one[3], one[0])):
        by_move.setdefault((sample[1], sample[2]), []).append(sample)
    return [sample for group in by_move.values() for sample in group[:SAMPLES]]


def preview_policy(policy: TierPolicy, *, progress: Callable[[int, int], None] | None = None) -> Preview:
    """Who would move if these rules applied on their first day, and no fact changed until then.

    Where that day lies ahead, the last known valuation stands for the days to come. Grace and protection only
    delay a move, so they are left out. Stores nothing. `progress` gets members judged and all there are.
    """
    result = Preview()
    parameters, statement = _parameters(policy), _statement(policy)
    last, total = _extent(policy.programme_id)
    for low in range(0, last + 1, RANGE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, {**parameters, "low": low, "high": low + RANGE})
            result.add(*cursor.fetchone())
        if progress:
            progress(min(result.members, total), total)
    return result


def _extent(programme: int) -> tuple[int, int]:
    """The highest member id with a standing, and how many there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(member_id), 0), count(*) FROM loyalty_tierstanding WHERE programme_id = %s",
            [programme],
        )
        last, total = cursor.fetchone()
    return last, total


def _statement(policy: TierPolicy) -> str:
    read = READ_BY[policy.metric]
    asked = {kind for one in policy.thresholds for kind in one}
    parts = {
        kind: _sql(kind) if kind in read and kind in asked else "NULL::numeric" for kind in READ_BY["all"]
    }
    return _sql("range").format(**parts)


def _parameters(policy: TierPolicy) -> dict[str, Any]:
    day = policy.effective_from
    month_end = day.replace(day=1)
    month = _month_before(month_end)
    return {
        **zone_parameters(),
        "programme": policy.programme_id,
        "thresholds": json.dumps(policy.thresholds),
        "metric": policy.metric,
        "downgrade": policy.downgrade,
        "day": day,
        "month": month,
        "month_end": month_end,
        "days": (month_end - month).days,
        "window_days": policy.window_days,
        "samples": SAMPLES,
    }


def _month_before(day: date) -> date:
    return (day - timedelta(days=1)).replace(day=1)
