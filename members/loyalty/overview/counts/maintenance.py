"""Keep the counts of the overview few and right.

Triggers (migrations/0001_overview.sql) only add rows of plus and minus, in the transaction of the fact.
Readers sum all rows; compacting keeps them few.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from crm.runtime.sql_files import sql_beside

_sql = sql_beside(__file__)
BATCH = 100_000
JOB = "verify loyalty counts"


@dataclass(frozen=True)
class Miscount:
    """A kept count that is not what the rows say; amounts are points or platform currency."""

    counted: str
    key: str
    kept: int
    found: int
    kept_amount: Decimal
    found_amount: Decimal


def compact(*, batch: int = BATCH) -> int:
    """Add the rows of the writers to the totals; returns how many. May be killed, and run twice at once."""
    compacted = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_sql("compact"), {"batch": batch})
            if not cursor.rowcount:
                return compacted
            compacted += cursor.rowcount


def find_miscounts() -> list[Miscount]:
    """Count all rows and compare, in one snapshot: empty unless somebody wrote past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("miscounts"))
        return [Miscount(*row) for row in cursor.fetchall()]
