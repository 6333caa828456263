"""Scan a plan for the next members that match: their ids, in order, and the token of the page after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from crm.directory.list.index_scan import read_index
from crm.directory.list.parse import Position
from crm.directory.list.plan import IndexPlan, Plan, ScopePlan, SearchPlan
from crm.web.lists.keyset import Segment, bound, ordering, remaining
from members.profiles.search.search_members import search_members


@dataclass(frozen=True)
class Scanned:
    """Member ids in order; the token of the next page (empty: this is the last).

    `cut`: the scan ended before the page was full.
    """

    ids: Sequence[int]
    next: str = ""
    cut: bool = False


def scan(plan: Plan, position: Position | None, size: int) -> Scanned:
    """At most `size` members after a position (None: the first page).

    At most three queries, of a search at most six.
    """
    if isinstance(plan, SearchPlan):
        return _scan_hits(plan, position, size)
    if isinstance(plan, ScopePlan) and position is None:
        return _scan_scope_from_start(plan, size)
    return _scan_order(plan, position, size)


def _scan_hits(plan: SearchPlan, position: Position | None, size: int) -> Scanned:
    """A filter thins out each page of hits."""
    after = position.member_id if position else None
    hits = search_members(plan.text, plan.staff, size, after, granted=plan.granted)
    ids: Sequence[int] = hits
    if plan.matching is not None:
        matching = set(plan.matching.filter(member__in=hits).values_list("member_id", flat=True))
        ids = [member_id for member_id in hits if member_id in matching]
    more = len(hits) >= size
    if not more:
        return Scanned(ids)
    before = position.rows_before if position else 0
    return Scanned(ids, Position(None, hits[-1], before + len(ids)).token(None), cut=len(ids) < len(hits))


def _scan_scope_from_start(plan: ScopePlan, size: int) -> Scanned:
    """The scope read and sorted whole; rows without a value come last. One query."""
    order = plan.order
    by_value, by_key = ordering(order)
    column = F(order.column)
    nulls_last = column.desc(nulls_last=True) if order.descending else column.asc(nulls_last=True)
    rows = plan.matching.order_by(nulls_last, by_key).values_list("member_id", order.column)
    found = list(rows[: size + 1])
    following = ""
    if len(found) > size:
        member_id, value = found[size - 1]
        following = Position(value, member_id, size).token(order)
    return Scanned([row[0] for row in found[:size]], following)


def _scan_order(plan: ScopePlan | IndexPlan, position: Position | None, size: int) -> Scanned:
    order, before = plan.order, position.rows_before if position else 0
    value, key = (position.value, position.member_id) if position else (None, None)
    found: list[tuple[int, Any]] = []
    for segment in remaining(order, value, key):
        rows, end = _read(plan, segment, size + 1 - len(found))
        found += rows
        ids = [row[0] for row in found[:size]]
        if len(found) > size:
            member_id, value = found[size - 1]
            return Scanned(ids, Position(value, member_id, before + size).token(order))
        if end is not None:
            member_id, value = end
            return Scanned(ids, Position(value, member_id, before + len(found)).token(order), cut=True)
    return Scanned([row[0] for row in found])


def _read(
    plan: ScopePlan | IndexPlan, segment: Segment, rows: int
) -> tuple[list[tuple[int, Any]], tuple[int, Any] | None]:
    """At most `rows` (member id, value) of a segment; where the scan ended, if before the segment."""
    if isinstance(plan, IndexPlan):
        return read_index(plan, segment, rows)
    matching = plan.matching.filter(bound(plan.order, segment)).order_by(*ordering(plan.order))
    return list(matching.values_list("member_id", plan.order.column)[:rows]), None
