"""Assets at the edges of periods: read once in a run, since one month ends where the next begins.

Else each month would read the valuations and transactions of everybody twice, for its start and for its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.db import connection

from crm.insights.kpis.relations import assembled
from crm.runtime.clock import day_start
from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import zone_parameters

RELATION = "assets"
_sql = sql_beside(__file__)
_DROP = "DROP TABLE IF EXISTS pg_temp.aum_edges"
_CREATE = (
    "CREATE TEMP TABLE aum_edges (member_id bigint, day date, aum numeric, PRIMARY KEY (day, member_id))"
)


@contextmanager
def edges_of(last_days: Iterable[date]) -> Iterator[None]:
    """The assets at both edges of the months up to these days, for as long as the periods are computed."""
    days = sorted({edge for day in last_days for edge in (day, day.replace(day=1) - timedelta(days=1))})
    untils = [day_start(day + timedelta(days=1)) for day in days]
    values: dict[str, Any] = {"days": days, "untils": untils}
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_CREATE)
        cursor.execute(assembled(_sql("edges")), zone_parameters() | values)
        cursor.execute("ANALYZE pg_temp.aum_edges")
        yield
        cursor.execute(_DROP)  # after an error the next run drops it


def assets_sql() -> str:
    """The relation of a period for everybody, within `edges_of`."""
    return _sql("assets_of_edges")
