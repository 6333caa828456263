"""Points earned in bulk by a rule, against a bare INSERT … SELECT of as many rows with their keys."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import connection

from benchmarks.loyalty.data import NOW, mark_all
from benchmarks.restage import say, timed
from members.loyalty.points.earning.drain import Drained, drain
from members.loyalty.points.reports.verify import verify

TABLES = ("loyalty_pointsentry", "loyalty_pointslot", "loyalty_pointsaccount")


def measure(members: int) -> dict[str, Any]:
    """Earn for every buy once, and once more; then the same rows bare into tables of the same form."""
    mark_all()
    done: list[Drained] = []
    first = timed(lambda: done.append(drain(now=NOW)))
    say(f"{done[0].added:,} entries earned in {first:.1f} s")
    mark_all()
    again = timed(lambda: done.append(drain(now=NOW)))
    if done[1].added or done[1].taken:
        raise AssertionError(f"the same batch again changed something: {done[1]}")
    found = verify()
    if found.differing:
        raise AssertionError(f"the ledger does not agree: {found}")
    bare = _bare()
    say(f"again {again:.1f} s, bare {bare:.1f} s")
    return {
        "entries": done[0].added,
        "earn_seconds": round(first, 2),
        "earn_again_seconds": round(again, 2),
        "bare_insert_seconds": round(bare, 2),
        "bulk_earn_ratio": round(bare / first, 3),
        "again_over_first": round(again / first, 3),
    }


def _bare() -> float:
    """Seconds for the rows of the ledger, one statement a table, with keys and indexes, without triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("CREATE SCHEMA bare")
        for table in TABLES:
            cursor.execute(f"CREATE TABLE bare.{table} (LIKE {table} INCLUDING ALL)")
        cursor.execute("CHECKPOINT")
        seconds = 0.0
        for table in TABLES:
            copy = f"INSERT INTO bare.{table} SELECT * FROM {table} ORDER BY member_id"
            seconds += timed(partial(cursor.execute, copy))
        cursor.execute("DROP SCHEMA bare CASCADE")
        cursor.execute("RESET ROLE")
    return seconds
