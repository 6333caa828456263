"""The kept counts: members in each stage, moves of each platform day.

Triggers (migration 0005) only add rows of plus and minus, in the transaction of the fact, so no writer waits
for another and nothing is counted that was not committed. Readers sum all rows; the fold keeps those few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import run, zone_parameters

_sql = sql_beside(__file__)
BATCH = 100_000

# With the zone written into it, since a trigger knows no settings; `keep_zone` sees to it after each migrate.
_DAY_FUNCTION = """
CREATE OR REPLACE FUNCTION lifecycle_platform_day(timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
    SELECT lifecycle_day_of($1, '{zone}', timestamptz '{stable_from}', interval '{offset}')
$fn$
"""
_DAY_FUNCTION_NOW = "SELECT prosrc FROM pg_proc WHERE proname = 'lifecycle_platform_day'"


@dataclass(frozen=True)
class Miscount:
    """A kept count that is not what the rows say: `what` is "stage" or "move"."""

    what: str
    key: str
    kept: int
    counted: int


def fold(*, batch: int = BATCH) -> int:
    """Sum up what the writers added; returns the rows taken. May be killed, and run twice at once."""
    taken = 0
    for statement in (_sql("fold_stages"), _sql("fold_moves")):
        while rows := run(statement, {"batch": batch}):
            taken += rows
    return taken


def miscounts() -> list[Miscount]:
    """Count everything anew and compare, in one snapshot: empty unless somebody went round the triggers."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("miscounts"))
        return [Miscount(*row) for row in cursor.fetchall()]


def recount() -> None:
    """Replace the kept counts by what the rows say; writers of stages wait meanwhile."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _sql("recount").split(";\n"):
            cursor.execute(statement)


def keep_zone(using: str = "default", **_: Any) -> None:
    """Let the triggers count by the platform's days; after a change of zone, count anew. Run by the owner."""
    parameters = zone_parameters() | {"stable_from": zone_parameters()["stable_from"].isoformat()}
    wanted = _DAY_FUNCTION.format(**parameters)
    with connections[using].cursor() as cursor:
        cursor.execute(_DAY_FUNCTION_NOW)
        found = cursor.fetchone()
        if found is None or found[0].strip() in wanted:
            return
        cursor.execute(wanted)
        if f"'{settings.BUSINESS_TIME_ZONE}'" not in found[0]:
            recount()
