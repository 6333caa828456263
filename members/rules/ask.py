"""Ask a rule of everybody: how many match, who they are, and when that can change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from members.rules.compiling.condition import Condition, compile, from_clause
from members.rules.language.tree import Rule

KNOWN = "m.known_at <= %(now)s"  # who is not known yet matches nothing, not even a negation


def everybody(rule: Rule, now: datetime, *, past: bool = False) -> Condition:
    """The rule for a pass over everybody. Raises NoHistory."""
    return compile(rule, now, past=past, few=False)


def count(condition: Condition) -> int:
    """How many members match, exactly."""
    return int(_value(condition, "count(*)", condition.sql) or 0)


def ids(condition: Condition, most: int | None = None) -> list[int]:
    """The ids of those that match, ascending; at most so many."""
    sql = f"SELECT m.id FROM {from_clause(condition.sources)} WHERE {KNOWN} AND {condition.sql} ORDER BY m.id"
    with connection.cursor() as cursor:
        cursor.execute(sql + (f" LIMIT {int(most)}" if most is not None else ""), condition.parameters)
        return [row[0] for row in cursor.fetchall()]


def changes_next(condition: Condition) -> datetime | None:
    """The first instant at which the answer can change for anybody with no new facts; None: never."""
    coming = _value(condition, "min(m.known_at)", "true", known="m.known_at > %(now)s")
    found = _value(condition, f"min({condition.next_sql})", "true") if condition.next_sql else None
    return min((at for at in (coming, found) if at is not None), default=None)


def _value(condition: Condition, expression: str, where: str, known: str = KNOWN) -> Any:
    sql = f"SELECT {expression} FROM {from_clause(condition.sources)} WHERE {known} AND {where}"
    with connection.cursor() as cursor:
        cursor.execute(sql, condition.parameters)
        return cursor.fetchone()[0]
