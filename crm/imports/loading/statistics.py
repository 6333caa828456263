"""Statistics of tables that an import made many times larger, for what reads them next.

The server gathers them by itself, but a minute later: until then it plans as for a small table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

LEAST = 1_000  # rows of a batch below which nothing is looked at
_GROWN = "SELECT relid FROM pg_stat_xact_user_tables WHERE n_tup_ins >= %s AND schemaname = current_schema()"


def find_grown(cursor: Any) -> list[int]:
    """The tables to which this transaction has added many rows."""
    cursor.execute(_GROWN, [LEAST])
    return [table for (table,) in cursor.fetchall()]


def gather(tables: Sequence[int]) -> None:
    """Gather statistics of those tables that are more than four times as large as when it was last done.

    To be called when the rows are committed: within a transaction, a trial's for instance, nothing is done.
    """
    if tables and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("SELECT imports_analyze_grown(%s::oid[])", [list(tables)])
