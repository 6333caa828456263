"""Rows of an activity counted and summed, each member looked up by index or all in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from members.rules.catalogue.activities import Activity
from members.rules.catalogue.types import Type
from members.rules.compiling.compare import compare
from members.rules.compiling.interval import Edges, Interval, edges
from members.rules.compiling.part import Part, Scope, earliest
from members.rules.language.operators import holds


@dataclass(frozen=True)
class Rows:
    """The rows of an activity for which all of `where` hold."""

    activity: Activity
    where: tuple[Part, ...] = ()

    def conditions(self, *more: str) -> list[str]:
        """What its rows fulfil, and more, but for whose they are."""
        own = [self.activity.condition] if self.activity.condition else []
        return [*own, *(part.sql for part in self.where), *more]

    def of_member(self, columns: str, *more: str, rest: str = "") -> str:
        """A query of those of the member `m`."""
        conditions = " AND ".join(["a.member_id = m.id", *self.conditions(*more)])
        return f"SELECT {columns} FROM {self.activity.table} AS a WHERE {conditions}{rest}"

    def together(self, having: str, *more: str) -> str:
        """Whether `m` is among the members of whose rows together something holds, read in one pass.

        EXISTS rather than IN: negated too it is a join, while NOT IN compares each with each where the ids
        do not fit into work_mem.
        """
        conditions = " AND ".join(self.conditions(*more))
        return (
            f"EXISTS (SELECT 1 FROM (SELECT a.member_id FROM {self.activity.table} AS a WHERE {conditions}"
            f" GROUP BY a.member_id HAVING {having}) AS g WHERE g.member_id = m.id)"
        )


def at_least(count: int, rows: Rows, interval: Interval, scope: Scope) -> Part:
    """Whether there are so many rows within an interval."""
    if count < 1:
        return Part("true")
    if interval.low and interval.high and interval.low >= interval.high:
        return Part("false")
    found = edges(interval, rows.activity, scope)
    now = (*found.fixed, *found.inside)
    if count == 1:
        sql = f"EXISTS ({rows.of_member('1', *now)})"
    elif scope.few:
        few = rows.of_member("1", *now, rest=f" LIMIT {scope.bind(count)}")
        sql = f"((SELECT count(*) FROM ({few}) AS x) = {scope.bind(count)})"
    else:
        sql = rows.together(f"count(*) >= {scope.bind(count)}", *now)
    return Part(sql, _at_least_next(sql, count, rows, found, scope))


def _at_least_next(sql: str, count: int, rows: Rows, found: Edges, scope: Scope) -> str | None:
    """Where there are enough: when the last of them leaves; else when the next one comes in."""
    entry = _entry(rows, found)
    if found.leaves is None:
        next = f"CASE WHEN NOT {sql} THEN {entry} END"
    else:
        at = f"{rows.activity.at} AS at"
        order = f" ORDER BY {rows.activity.at} DESC OFFSET {scope.bind(count - 1)} LIMIT 1"
        latest = rows.of_member(at, *found.fixed, *found.inside, rest=order)
        next = f"coalesce((SELECT {found.leaves} FROM ({latest}) AS x), {entry})"
    return earliest([next, *_changing(rows, found)])


def _entry(rows: Rows, found: Edges) -> str:
    """When the first row comes in that is not in yet."""
    order = f" ORDER BY {rows.activity.at} LIMIT 1"
    first = rows.of_member(f"{rows.activity.at} AS at", *found.fixed, found.to_come, rest=order)
    return f"(SELECT {found.enters} FROM ({first}) AS x)"


def _changing(rows: Rows, found: Edges) -> Sequence[str]:
    """When a property of a row begins or ceases to be what is asked for."""
    others = Rows(rows.activity)
    return [
        f"({others.of_member(f'min({part.next})', *found.fixed)})"
        for part in rows.where
        if part.next is not None
    ]


def summed(rows: Rows, interval: Interval, expression: str, operator: str, value: Any, scope: Scope) -> Part:
    """The sum of an expression over the rows within an interval, compared; of no rows it is 0."""
    found = edges(interval, rows.activity, scope)
    now = (*found.fixed, *found.inside)
    total = f"coalesce(sum({expression}), 0)"
    if scope.few:
        sql = compare(f"({rows.of_member(total, *now)})", Type.NUMBER, operator, value, scope).sql
    else:
        # Who has no rows is in no group: the groups tell whom the sum is true of, or else whom it is not.
        condition = compare(total, Type.NUMBER, operator, value, scope).sql
        if holds(operator, 0, value):
            sql = f"(NOT {rows.together(f'NOT {condition}', *now)})"
        else:
            sql = rows.together(condition, *now)
    leaving = None
    if found.leaves is not None:
        order = f" ORDER BY {rows.activity.at} LIMIT 1"
        first = rows.of_member(f"{rows.activity.at} AS at", *now, rest=order)
        leaving = f"(SELECT {found.leaves} FROM ({first}) AS x)"
    return Part(sql, earliest([leaving, _entry(rows, found), *_changing(rows, found)]))
