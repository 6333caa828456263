"""Transactions of this database that are still open, so that what they wrote is not to be seen yet."""

from __future__ import annotations

from django.db import connection

# A snapshot names the transactions of all databases of the server. Whoever writes holds a lock on its own id,
# and of each session anybody may see the database. One that ended meanwhile has no lock: it still counts.
_OLDEST = """
SELECT min(w.id::text::bigint)
FROM pg_snapshot_xip(pg_current_snapshot()) AS w(id)
WHERE w.id IS DISTINCT FROM pg_current_xact_id_if_assigned() AND NOT EXISTS (
    SELECT FROM pg_locks AS l
    JOIN pg_stat_activity AS a ON a.pid = l.pid
    JOIN pg_database AS d ON d.oid = a.datid
    WHERE l.locktype = 'transactionid' AND l.granted AND l.mode = 'ExclusiveLock'
      AND l.transactionid = w.id::xid AND d.datname <> current_database()
)
"""


def oldest_writer() -> int | None:
    """The lowest id among the other transactions that are open and have written; None: there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        found: int | None = cursor.fetchone()[0]
    return found
