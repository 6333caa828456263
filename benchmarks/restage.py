"""How much work the stages cost: full, incremental and idle, against one read of the raw facts."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from benchmarks.loading import indexes_last
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import restage_full, verify

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SQL = Path(__file__).parent / "sql"
GROWING = ("portfolio_transaction", "portfolio_valuation", "profiles_event")


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Load `members` members with activity, stage them, and time restaging; ratios are within this run."""
    say(f"loading {members // 10:,} members")
    load(1, members // 10, NOW)
    changing = min(10_000, members // 100)
    # Once before, both times: a worker that goes on has its statements planned.
    changed_cost(changing, NOW + timedelta(hours=1), which=0)
    small = changed_cost(changing, NOW + timedelta(hours=2), which=0)
    say(f"loading the rest of {members:,} members")
    load(members // 10 + 1, members, NOW + timedelta(hours=2, minutes=30))
    changed_cost(changing, NOW + timedelta(hours=2, minutes=45), which=0)
    # The same members, active as before; then others, most of whom nothing was heard of for months: a third
    # of them change stage.
    large = changed_cost(changing, NOW + timedelta(hours=3), which=0)
    waking = changed_cost(changing, NOW + timedelta(hours=4), which=3)

    at = NOW + timedelta(hours=5)
    restage(now=at)
    read = median(timed(read_raw) for _ in range(3))
    say(f"read {read:.2f} s")
    full = median(timed(lambda: expect_nothing(restage_full(now=at))) for _ in range(3))
    say(f"full {full:.2f} s")
    idle = median(timed(lambda: restage(now=at)) for _ in range(5))
    return {
        "members": members,
        "read_seconds": round(read, 3),
        "full_seconds": round(full, 3),
        "incremental_seconds": round(large, 3),
        "full_over_read": round(full / read, 3),
        "incremental_over_read": round(large / read, 4),
        "waking_over_read": round(waking / read, 4),
        "idle_seconds": round(idle, 4),
        "scale_ratio": round(large / small, 3),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def expect_nothing(result: Any) -> None:
    found, written = result
    if found.differing or written.members:
        raise AssertionError(f"the incremental and the full way differ: {found}")


def load(low: int, high: int, at: datetime) -> None:
    """Members low..high with three years of skewed activity up to NOW, in time order, staged at `at`."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET session_replication_role = replica")
        with indexes_last(cursor, GROWING):
            for part in (SQL / "load.sql").read_text().split(";\n"):
                if part.strip():
                    cursor.execute(part, {"low": low, "high": high, "now": NOW})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET ROLE")
    seconds = timed(lambda: restage(now=at))
    say(f"first staging {seconds:.1f} s")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")
    found = verify(now=at)
    if found.differing or found.waiting:
        raise AssertionError(f"staging went wrong: {found}")


def changed_cost(members: int, at: datetime, *, which: int) -> float:
    """Seconds to restage `members` members of the first tenth who have logged in and bought something.

    Of every seven members number `which` changes. What the triggers spend on marking them while the facts
    come in is part of it.
    """
    marking = 0.0
    with connection.cursor() as cursor:
        for part in (SQL / "change.sql").read_text().split(";\n"):
            if part.strip():
                cursor.execute(
                    "EXPLAIN (ANALYZE, FORMAT JSON) " + part, {"members": members, "at": at, "which": which}
                )
                (plan,) = cursor.fetchone()
                marking += sum(trigger["Time"] for trigger in plan[0].get("Triggers", ())) / 1000
    restaging = timed(lambda: restage(now=at))
    say(f"{members:,} changed members: marking {marking:.3f} s, restaging {restaging:.3f} s")
    return marking + restaging


def read_raw() -> None:
    with connection.cursor() as cursor:
        cursor.execute((SQL / "read.sql").read_text())
        cursor.fetchall()
