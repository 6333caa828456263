"""Keep the counts right: members in each stage, transitions of each platform day.

Triggers (migrations/0001_counts.sql) only add rows of plus and minus, in the transaction of the fact, so no
writer waits for another and nothing is counted that was not committed. Readers sum all rows; compacting keeps
them few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import execute, zone_parameters

_sql = sql_beside(__file__)
BATCH = 100_000

# With the zone written into it, since a trigger cannot read settings: see keep_platform_day.
_DAY_FUNCTION = """
CREATE OR REPLACE FUNCTION lifecycle_platform_day(timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
    SELECT lifecycle_day_of($1, '{zone}', timestamptz '{stable_from}', interval '{offset}')
$fn$
"""
_STORED_DAY_FUNCTION = "SELECT prosrc FROM pg_proc WHERE proname = 'lifecycle_platform_day'"


@dataclass(frozen=True)
class Miscount:
    """A kept count that is not what the rows say: `what` is "stage" or "transition"."""

    what: str
    key: str
    kept: int
    counted: int


def compact(*, batch: int = BATCH) -> int:
    """Add the rows of the writers to the totals; returns how many. May be killed, and run twice at once."""
    compacted = 0
    for statement in (_sql("compact_stage_counts"), _sql("compact_transition_counts")):
        while rows := execute(statement, {"batch": batch}):
            compacted += rows
    return compacted


def find_miscounts() -> list[Miscount]:
    """Count all rows and compare, in one snapshot: empty unless somebody wrote past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("miscounts"))
        return [Miscount(*row) for row in cursor.fetchall()]


def recount() -> None:
    """Replace the kept counts by what the rows say; writers of stages wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _sql("recount").split(";\n"):
            cursor.execute(statement)


def keep_platform_day(using: str = "default", **_: Any) -> None:
    """Let the triggers count by the platform's days (a receiver of post_migrate, run by the owner).

    After a change of the time zone, recounts.
    """
    parameters = zone_parameters() | {"stable_from": zone_parameters()["stable_from"].isoformat()}
    wanted = _DAY_FUNCTION.format(**parameters)
    with connections[using].cursor() as cursor:
        cursor.execute(_STORED_DAY_FUNCTION)
        found = cursor.fetchone()
        if found is None or found[0].strip() in wanted:
            return
        cursor.execute(wanted)
        if f"'{settings.BUSINESS_TIME_ZONE}'" not in found[0]:
            recount()
