"""How much waits in the queue."""

from __future__ import annotations

from django.db import connection

from crm.runtime.queue import kinds

_SQL = """
SELECT kind, (
    SELECT count(*) FROM (
        SELECT FROM runtime_queueitem AS item WHERE state = 'waiting' AND item.kind = asked.kind LIMIT %s
    ) AS waiting
)
FROM unnest(%s::text[]) AS asked (kind)
"""


def waiting(most: int) -> dict[str, int]:
    """Items that wait by kind, those for later included, each counted up to `most`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [most, kinds.names()])
        return dict(cursor.fetchall())
