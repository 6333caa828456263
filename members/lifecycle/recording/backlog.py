"""How many members wait to be restaged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from crm.runtime.clock import day_of

_SQL = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s LIMIT %(most)s
    ) AS dirty),
    (SELECT count(*) FROM (
        SELECT FROM lifecycle_standing s WHERE due_at <= %(now)s
            AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
        LIMIT %(most)s
    ) AS due),
    (SELECT count(*) FROM (SELECT FROM lifecycle_evaluationfailure LIMIT %(most)s) AS failed)
"""


@dataclass(frozen=True)
class Backlog:
    """Changes of facts that wait (several of a member count apart), members whose answer is due, and members
    that could not be evaluated."""

    dirty: int
    due: int
    failed: int


def count_backlog(now: datetime, most: int) -> Backlog:
    """The backlog, each number counted up to `most`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"now": now, "today": day_of(now), "most": most})
        return Backlog(*cursor.fetchone())
