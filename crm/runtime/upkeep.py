"""What the ground floor tidies up every few minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from crm.runtime.background import changes, jobs
from crm.runtime.queue import recover

KEEP_CHANGES = timedelta(days=30)


def pulse(name: str) -> None:
    """Note a sign of life, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO runtime_pulse (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = EXCLUDED.at",
            [name],
        )


def sweep(now: datetime) -> dict[str, int]:
    """Mark lost runs; forget old runs, old failures of the queue and changes that all have read."""
    return {
        "lost": jobs.sweep_lost(now),
        "runs": jobs.prune(now),
        "items": recover.prune(),
        "changes": changes.prune(now - KEEP_CHANGES),
    }
