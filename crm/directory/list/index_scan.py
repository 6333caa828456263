"""Read members along the index of an order; what it cannot answer is checked on a bounded number of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from crm.directory.list.matching import Condition
from crm.directory.list.plan import IndexPlan
from crm.directory.list.request.orders import MemberOrder
from crm.runtime.sql_files import sql_beside
from crm.web.lists.keyset import Segment
from members.rules.catalogue.fields import Source, fields, sources

SPAN = 3_000  # members of the order checked for one page
_SPAN, _ARMS, _ARM = map(sql_beside(__file__), ("span", "arms", "arm"))
_NOBODY = "SELECT NULL::bigint, NULL WHERE false"
Row = tuple[int, Any]  # member id, value in the order


def read_index(plan: IndexPlan, segment: Segment, rows: int) -> tuple[list[Row], Row | None]:
    """At most `rows` of a segment that match; the end of the span of SPAN members, if too few of it match.

    One query.
    """
    checks = plan.checks
    if segment.empty and _source(plan.order).optional:
        # Who has no row there is in no index of it: everybody is gone through.
        checks = Condition(f"({plan.order.column} IS NULL)", {}, plan.order.field.sources) & checks
    if checks:
        return _read_span(plan, segment, checks, rows)
    with connection.cursor() as cursor:
        cursor.execute(*_in_order(plan, segment, rows))
        return cursor.fetchall(), None


def _read_span(
    plan: IndexPlan, segment: Segment, checks: Condition, rows: int
) -> tuple[list[Row], Row | None]:
    span, parameters = _in_order(plan, segment, SPAN)
    order = plan.order
    statement = _SPAN.format(
        span=span,
        match=checks.of_member("span.member_id"),
        rows=int(rows),
        most=SPAN,
        back="ASC" if order.descending else "DESC",
        back_key="ASC" if order.key_descending else "DESC",
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**parameters, **checks.parameters})
        answer = cursor.fetchall()
    found = [(member_id, value) for matches, member_id, value in answer if matches]
    end = next(((member_id, value) for matches, member_id, value in answer if not matches), None)
    return found, end


def _source(order: MemberOrder) -> Source:
    """The one table that the field of an order reads."""
    return sources[order.field.sources[0]] if order.field.sources else sources["m"]


def _in_order(plan: IndexPlan, segment: Segment, rows: int) -> tuple[str, Mapping[str, Any]]:
    """SQL for the next `rows` along the index, as (member_id, value), with its parameters."""
    order, source, bounds = plan.order, _source(plan.order), plan.bounds
    value = order.column
    if segment.empty and source.optional:
        source, value = sources["m"], "NULL"
    key = f"{source.alias}.{source.key}"
    conditions = [source.condition, _bound(order, segment, value, key), bounds.sql if bounds else ""]
    by_value, by_key = ("DESC" if way else "ASC" for way in (order.descending, order.key_descending))
    arms = [
        _ARM.format(
            key=key,
            value=value,
            table=f"{source.table} AS {source.alias}",
            where=" AND ".join(one for one in (*conditions, group) if one) or "true",
            order=f"{key} {by_key}" if value == "NULL" else f"{value} {by_value}, {key} {by_key}",
            rows=int(rows),
        )
        for group in _groups(plan)
    ]
    text = _ARMS.format(
        arms=" UNION ALL ".join(arms or [_NOBODY]),
        order=f"value {by_value}, member_id {by_key}",
        rows=int(rows),
    )
    parameters = {"after_value": segment.value, "after_key": segment.key}
    parameters |= {f"group{place}": group for place, group in enumerate(plan.groups or ())}
    return text, {**parameters, **(bounds.parameters if bounds else {})}


def _groups(plan: IndexPlan) -> list[str]:
    """A condition for each value of the field that leads the index; a single empty one where none does."""
    if plan.groups is None:
        return [""]
    leader = fields[plan.order.index.by].sql
    return [
        f"{leader} IS NULL" if group is None else f"{leader} = %(group{place})s"
        for place, group in enumerate(plan.groups)
    ]


def _bound(order: MemberOrder, segment: Segment, value: str, key: str) -> str:
    """The condition that selects a segment of an order."""
    follows_key = f"{key} {'<' if order.key_descending else '>'} %(after_key)s"
    if segment.empty:
        empty = "" if value == "NULL" else f"{value} IS NULL"
        return " AND ".join(one for one in (empty, follows_key if segment.key else "") if one)
    if segment.key is None:
        return f"{value} IS NOT NULL" if order.nulls else ""
    sign = "<" if order.descending else ">"
    if order.descending == order.key_descending:
        return f"({value}, {key}) {sign} (%(after_value)s, %(after_key)s)"
    # The first condition bounds the index scan, the second one only breaks the tie.
    return f"{value} {sign}= %(after_value)s AND ({value} {sign} %(after_value)s OR {follows_key})"
