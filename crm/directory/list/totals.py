"""How many members match and what they hold, by stage: exact, or an estimate that says so.

Who has a book gets exact totals, and so does everybody while the platform is small. Among a million members
nothing is counted while somebody waits: the richest are looked at one by one, since they hold most of the
assets, and of the others a sample. Totals without a filter are read off the kept counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db import connection

from crm.directory.list.matching import Condition
from crm.directory.list.plan import IndexPlan, Plan, ScopePlan
from crm.directory.list.request.parse import ListRequest
from crm.directory.list.request.quick_filters import BY_STAGE
from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.lifecycle.counts.stage_counts import Counts, count_by_stage
from members.lifecycle.models import Stage

EXACT_UP_TO = 20_000  # members of the platform; with more, totals of all are estimated
RICHEST, SAMPLED = 1_000, 3_000  # members looked at for an estimate
FEWEST = (
    20  # of the sample that have to match; fewer are counted where an index finds them, else told a bound of
)
CHEAP = 5_000  # cost in the planner's units up to which so few are counted: some 10 ms
_CACHED, _SECONDS = "directory:totals:{}", 120
_RICHEST_CACHED, _RICHEST_SECONDS = "directory:totals:richest", 3600
_sql = sql_beside(__file__)
_ESTIMATE, _BOUND_OF_RICHEST, _COUNT = map(_sql, ("estimate_totals", "bound_of_richest", "count"))
_ALL = Condition("true", {})
_Key = tuple[str, str]  # stage, sub-state; empty texts for none


@dataclass(frozen=True)
class Total:
    """Members and their assets."""

    members: int = 0
    assets: Decimal = Decimal(0)

    def __add__(self, other: Total) -> Total:
        return Total(self.members + other.members, self.assets + other.assets)


MEMBERS, ASSETS = "members", "assets"
BOTH = frozenset({MEMBERS, ASSETS})


@dataclass(frozen=True)
class Totals:
    """Totals by stage and sub-state of the members that match all filters but those two.

    `estimated` says which of members and assets are estimates. With `below` all that is known is that fewer
    members than that match.
    """

    by_stage: Mapping[_Key, Total] = field(default_factory=dict)
    estimated: frozenset[str] = frozenset()
    below: int | None = None

    def of(self, stage: str = "", sub_state: str = "") -> Total:
        """The total of a stage and a sub-state, empty: of all."""
        chosen = (
            total
            for (of_stage, of_sub_state), total in self.by_stage.items()
            if stage in ("", of_stage) and sub_state in ("", of_sub_state)
        )
        total = sum(chosen, start=Total())
        return Total(
            rounded(total.members) if MEMBERS in self.estimated else total.members,
            Decimal(rounded(total.assets)) if ASSETS in self.estimated else total.assets,
        )


def totals_of(request: ListRequest, planned: Plan, staff: Staff, now: datetime) -> Totals | None:
    """The totals of a request; None where nothing tells, as for a search through all names.

    One query in a book. Among all members at most six, kept for two minutes.
    """
    if isinstance(planned, ScopePlan):
        ids, parameters = planned.ids
        return _exact(planned.any_stage or _ALL, ids, parameters)
    if not isinstance(planned, IndexPlan) or request.text:
        return None
    counts = count_by_stage(staff)
    if sum(counts.values()) <= EXACT_UP_TO:
        return _kept(request, now, lambda: _exact(planned.any_stage or _ALL))
    return _kept(request, now, lambda: _estimate(planned, counts))


def _kept(request: ListRequest, now: datetime, read: Callable[[], Totals]) -> Totals:
    """The totals from the cache: all who see everybody get the same."""
    asked = request.conditions(without=BY_STAGE)
    key = _CACHED.format(sha256(repr((day_of(now), asked)).encode()).hexdigest())
    found: Totals | None = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, _SECONDS)
    return found


class _Estimated(NamedTuple):
    """A stage of the estimate: `members` and `assets` weighted, `sampled` how many of the sample match."""

    stage: str
    sub_state: str
    members: Decimal
    assets: Decimal
    sampled: int
    weight: Decimal


def _exact(matching: Condition, ids: str = "", parameters: Mapping[str, Any] | None = None) -> Totals:
    """Of these members, or of all. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_count(matching, ids), {**matching.parameters, **(parameters or {})})
        rows = cursor.fetchall()
    return Totals({(stage or "", sub or ""): Total(members, assets) for stage, sub, members, assets in rows})


def _count(matching: Condition, ids: str = "") -> str:
    return _COUNT.format(rows=matching.rows(ids, ["s"]), match=matching.sql)


def _estimate(planned: IndexPlan, counts: Counts) -> Totals:
    """The richest exactly, and of the others a sample, weighted. At most four queries."""
    members = sum(counts.values())
    matching = planned.any_stage or _ALL
    values: dict[str, Any] = {
        **matching.parameters,
        "sampled": SAMPLED,
        "bound": cache.get_or_set(_RICHEST_CACHED, _bound_of_richest, _RICHEST_SECONDS),
        "stages": Stage.values,
        "members": members,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ESTIMATE.format(match=matching.of_member("span.member_id")), values)
        rows = [_Estimated(*row) for row in cursor.fetchall()]
    sampled = sum(row.sampled for row in rows)
    if planned.any_stage and sampled < FEWEST:
        return _exact(matching) if _is_cheap(matching) else Totals(below=_upper_bound(rows, sampled, members))
    found = {(row.stage, row.sub_state): Total(round(row.members), row.assets) for row in rows}
    if planned.any_stage:
        return Totals(found, BOTH)
    exact = {key: Total(count, found.get(key, Total()).assets) for key, count in counts.items()}
    return Totals(exact, frozenset({ASSETS}))


def _is_cheap(matching: Condition) -> bool:
    """Whether an index finds these few members, as the planner says; else all would be read. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {_count(matching)}", matching.parameters)
        ((plan,),) = (json.loads(text) if isinstance(text, str) else text for (text,) in cursor.fetchall())
    return bool(plan["Plan"]["Total Cost"] <= CHEAP)


def _bound_of_richest() -> Decimal:
    """The assets from which on a member is among the richest."""
    with connection.cursor() as cursor:
        cursor.execute(_BOUND_OF_RICHEST, {"stages": Stage.values, "rows": RICHEST})
        (bound,) = cursor.fetchone()
    return max(bound or Decimal(0), Decimal("0.01"))


def _upper_bound(rows: Sequence[_Estimated], sampled: int, members: int) -> int:
    """More than match, in 97 of 100 cases, where so few of the sample do that they tell no number."""
    weight = rows[0].weight if rows else Decimal(members) / SAMPLED
    certain = sum((row.members - row.sampled * row.weight for row in rows), start=Decimal(0))
    return rounded(certain + weight * (sampled + 2 * Decimal(sampled + 1).sqrt() + 1))


def rounded(value: Decimal | int) -> int:
    """The two leading digits, which is as much as an estimate tells."""
    whole = int(value)
    return round(whole, 2 - len(str(abs(whole)))) if abs(whole) >= 100 else whole
