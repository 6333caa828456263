"""Announce points that are about to lapse, in the change queue, once per member and day of lapsing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from crm.runtime.clock import day_end, day_of
from crm.runtime.sql_files import sql_beside

_sql = sql_beside(__file__)
KIND = "points.expiring"  # of the change queue
NOTICE = timedelta(days=30)


def announce_lapsing(*, now: datetime) -> int:
    """Announce what lapses within 30 days and has not been announced; returns the number of notices."""
    with connection.cursor() as cursor:
        given: dict[str, Any] = {"now": now, "until": day_end(day_of(now + NOTICE)), "kind": KIND}
        cursor.execute(_sql("announce"), given)
        return cursor.rowcount
