"""Ask a rule of everybody: how many match, who they are, and when that can change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from members.rules.compiling.condition import Condition, compile, from_clause
from members.rules.language.tree import Rule

# Before a statement over everybody, in one transaction with it. Each parallel worker of the server would read
# and hash the grouped rows of an activity anew: at a million members twice the time of one process.
ONE_PROCESS = "SELECT set_config('max_parallel_workers_per_gather', '0', true); "
KNOWN = "m.known_at <= %(now)s"  # who is not known yet matches nothing, not even a negation


def everybody(rule: Rule, now: datetime, *, past: bool = False) -> Condition:
    """The rule for a pass over everybody. Raises NoHistory."""
    return compile(rule, now, past=past, few=False)


def count(condition: Condition) -> int:
    """How many members match, exactly."""
    return int(_row(condition, f"SELECT count(*) FROM {_matching(condition)}")[0])


def ids(condition: Condition, most: int | None = None) -> list[int]:
    """The ids of those that match, ascending; at most so many."""
    return count_and_ids(condition, most)[1]


def count_and_ids(condition: Condition, most: int | None = None) -> tuple[int, list[int]]:
    """How many match, and the ids of at most so many of them, ascending, in one pass."""
    limit = "" if most is None else f" LIMIT {int(most)}"
    found, members = _row(
        condition,
        f"WITH found AS MATERIALIZED (SELECT m.id FROM {_matching(condition)}) SELECT (SELECT count(*) FROM"
        f" found), ARRAY(SELECT id FROM found ORDER BY id{limit})",
    )
    return int(found), list(members)


def changes_next(condition: Condition) -> datetime | None:
    """The first instant at which the answer can change for anybody with no new facts; None: never."""
    members = from_clause(condition.sources)
    (found,) = _row(condition, f"SELECT min(m.known_at) FROM {from_clause(())} WHERE NOT {KNOWN}")
    if condition.next_sql:
        (flips,) = _row(condition, f"SELECT min({condition.next_sql}) FROM {members} WHERE {KNOWN}")
        found = min((at for at in (found, flips) if at is not None), default=None)
    return found


def _matching(condition: Condition) -> str:
    return f"{from_clause(condition.sources)} WHERE {KNOWN} AND {condition.sql}"


def _row(condition: Condition, sql: str) -> tuple[Any, ...]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ONE_PROCESS + sql, condition.parameters)
        cursor.nextset()
        return tuple(cursor.fetchone())
