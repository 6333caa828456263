"""What happens to queued work, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection

from crm.runtime import clock
from crm.runtime.models import QueueItem
from crm.runtime.queue.drain import drain

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)


def until(what: Callable[[], object], seconds: float = 20) -> None:
    """Look again and again, at most so long."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it never happens"


def drained(*names: str) -> int:
    """How many items a worker finds to do now."""
    return drain(clock.now, names)


def expire(item: QueueItem, by: str = "-1 second") -> None:
    """Its worker has not been heard of for as long as a lease lasts."""
    _lease_for(by, "id", item.pk)


def expire_all() -> None:
    """No worker has been heard of."""
    _lease_for("-1 second", "state", "running")


def _lease_for(length: str, column: str, value: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE runtime_queueitem SET leased_until = clock_timestamp() + %s::interval"
            f" WHERE {column} = %s",
            [length, value],
        )


def waits_for_a_lock() -> bool:
    """Whether some session of this database does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE NOT granted AND datname = current_database()"
        )
        return cursor.fetchone() is not None
