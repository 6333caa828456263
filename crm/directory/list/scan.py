"""Scan a plan for the next members that match: their ids, in order, and the token of the page after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from crm.directory.list import index_scan
from crm.directory.list.matching import Condition
from crm.directory.list.plan import IndexPlan, Plan, ScopePlan, SearchPlan
from crm.directory.list.request.orders import MemberOrder
from crm.directory.list.request.parse import Position
from crm.web.lists.keyset import remaining
from members.profiles.search.search_members import search_members

_EVERYBODY = Condition("true", {})


@dataclass(frozen=True)
class Scanned:
    """Member ids in order; the token of the next page (empty: this is the last).

    `cut`: the scan ended before the page was full, after that many members (0: it was filled).
    """

    ids: Sequence[int]
    next: str = ""
    cut: int = 0


def scan(plan: Plan, position: Position | None, size: int) -> Scanned:
    """At most `size` members after a position (None: the first page).

    At most three queries, of a search at most six.
    """
    if isinstance(plan, SearchPlan):
        return _scan_hits(plan, position, size)
    if isinstance(plan, ScopePlan):
        return _scan_scope(plan, position, size)
    return _scan_index(plan, position, size)


def _scan_hits(plan: SearchPlan, position: Position | None, size: int) -> Scanned:
    """A filter thins out each page of hits."""
    after = position.member_id if position else None
    hits = search_members(plan.text, plan.staff, size, after, granted=plan.granted)
    ids: Sequence[int] = hits
    if plan.matching is not None and hits:
        those = "SELECT unnest(%(hits)s::bigint[]) AS id"
        statement = f"SELECT m.id FROM {plan.matching.rows(those)} WHERE {plan.matching.sql}"  # noqa: S608  # own names
        with connection.cursor() as cursor:
            cursor.execute(statement, {**plan.matching.parameters, "hits": [*hits]})
            matching = {member_id for (member_id,) in cursor.fetchall()}
        ids = [member_id for member_id in hits if member_id in matching]
    more = len(hits) >= size
    if not more:
        return Scanned(ids)
    before = position.rows_before if position else 0
    cut = len(hits) if len(ids) < len(hits) else 0
    return Scanned(ids, Position(None, hits[-1], before + len(ids)).token(None), cut)


def _scan_scope(plan: ScopePlan, position: Position | None, size: int) -> Scanned:
    """The scope read and sorted whole; rows without a value come last. One query."""
    order, matching = plan.order, plan.matching or _EVERYBODY
    ids, parameters = plan.ids
    rows = matching.rows(ids, order.field.sources, order.column)
    by_value, by_key = ("DESC" if way else "ASC" for way in (order.descending, order.key_descending))
    # Found first, then sorted: for the sake of the limit the planner would go through all members in order.
    statement = (
        f"WITH found AS MATERIALIZED (SELECT m.id, {order.column} AS value FROM {rows}"  # noqa: S608  # own names
        f" WHERE {matching.sql} AND {_follows(order, position)})"
        f" SELECT id, value FROM found ORDER BY value {by_value} NULLS LAST, id {by_key} LIMIT {size + 1}"
    )
    after = {"after_value": position.value, "after_key": position.member_id} if position else {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **matching.parameters, **after})
        found = cursor.fetchall()
    return _page(order, found, position, size)


def _follows(order: MemberOrder, position: Position | None) -> str:
    """The condition that leaves the rows after a position."""
    if position is None:
        return "true"
    value, key = order.column, f"m.id {'<' if order.key_descending else '>'} %(after_key)s"
    if position.value is None:
        return f"{value} IS NULL AND {key}"
    sign = "<" if order.descending else ">"
    later = f"{value} {sign} %(after_value)s OR {value} = %(after_value)s AND {key}"
    return f"({later} OR {value} IS NULL)"


def _scan_index(plan: IndexPlan, position: Position | None, size: int) -> Scanned:
    order, before = plan.order, position.rows_before if position else 0
    value, key = (position.value, position.member_id) if position else (None, None)
    found: list[tuple[int, Any]] = []
    for segment in remaining(order, value, key):
        rows, end = index_scan.read_index(plan, segment, size + 1 - len(found))
        found += rows
        if len(found) <= size and end is not None:
            member_id, value = end
            token = Position(value, member_id, before + len(found)).token(order)
            return Scanned([row[0] for row in found], token, cut=index_scan.SPAN)
        if len(found) > size:
            break
    return _page(order, found, position, size)


def _page(
    order: MemberOrder, found: Sequence[tuple[int, Any]], position: Position | None, size: int
) -> Scanned:
    """A page out of rows of which one more than fits was asked for."""
    following = ""
    if len(found) > size:
        member_id, value = found[size - 1]
        before = position.rows_before if position else 0
        following = Position(value, member_id, before + size).token(order)
    return Scanned([row[0] for row in found[:size]], following)
