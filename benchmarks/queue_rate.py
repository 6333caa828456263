"""How fast queued work is claimed and completed among many waiting items, against among a thousand.

Two tables of one form take turns round by round, so that the machine's pace is the same for both.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from typing import Any

from django.db import connection, transaction

from crm.runtime.queue.claim import CLAIM, Reader
from crm.runtime.queue.finish import complete

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
FEW = 1_000
BATCH = 100
ROUNDS = 300
_FILL = """
INSERT INTO runtime_queueitem (kind, key, payload, run_after)
SELECT %s, 'k' || nextval('bench_key'), jsonb_build_object('member', n), statement_timestamp() + %s::interval
FROM generate_series(1, %s) AS n
"""


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Rates with `members` and with 1,000 items waiting; what an old snapshot and an idle look cost."""
    _prepare(members)
    few, many = _Table("few"), _Table("public")
    for size in (1, BATCH):
        for table in (few, many):
            table.rate(size, 5)  # caches and plans
    _say(f"{ROUNDS} rounds of {BATCH} and of 1, in turn")
    batches = [(few.rate(BATCH, 1), many.rate(BATCH, 1)) for _ in range(ROUNDS)]
    singles = [(few.rate(1, 1), many.rate(1, 1)) for _ in range(ROUNDS)]
    few_batch, many_batch = (median(rates) for rates in zip(*batches, strict=True))
    few_single, many_single = (median(rates) for rates in zip(*singles, strict=True))
    with many.selected():
        idle = median(_timed(lambda: Reader("later", BATCH).claim(NOW)) for _ in range(20))
    _say("an old snapshot stays open")
    pages = _under_an_old_snapshot(many)
    return {
        "waiting": members,
        "items_a_second": round(many_batch),
        "items_a_second_of_1000": round(few_batch),
        "scale_ratio": round(many_batch / few_batch, 3),
        "singles_a_second": round(many_single),
        "singles_scale_ratio": round(many_single / few_single, 3),
        "old_snapshot_pages_ratio": round(pages, 3),
        "idle_seconds": round(idle, 4),
    }


class _Table:
    """A queue in a schema of its own."""

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self.readers = {size: Reader("send", size) for size in (1, BATCH)}

    @contextmanager
    def selected(self) -> Iterator[None]:
        """What happens now happens in this table."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET search_path = {self._schema}, public")
            yield

    def rate(self, size: int, rounds: int) -> float:
        """Items claimed and completed a second, `size` at once; as many are put in behind, untimed."""
        spent = 0.0
        with self.selected():
            for _ in range(rounds):
                spent += _timed(lambda: self._take(size))
                _fill("send", size)
        return size * rounds / spent

    def _take(self, size: int) -> None:
        items = self.readers[size].claim(NOW)
        if len(items) != size:
            raise AssertionError(f"{len(items)} of {size} items")
        complete(items)


def _under_an_old_snapshot(table: _Table) -> float:
    """Pages a claim reads after 100,000 items whose traces cannot be removed, over those it reads before."""
    old = connection.copy()
    try:
        with old.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM runtime_queueitem")
            before = median(_pages_read(table) for _ in range(11))
            for done in range(10):
                _say(f"  {done}0,000 items")
                table.rate(BATCH, 10_000 // BATCH)
            return median(_pages_read(table) for _ in range(11)) / before
    finally:
        old.close()


def _pages_read(table: _Table) -> int:
    with table.selected(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT json) {CLAIM}", table.readers[BATCH].values())
        plan = cursor.fetchone()[0][0]["Plan"]
        transaction.set_rollback(True)
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _prepare(waiting: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute(
            "SELECT array_to_string(reloptions, ', ') FROM pg_class WHERE relname = 'runtime_queueitem'"
        )
        options = cursor.fetchone()[0]
        cursor.execute("CREATE SEQUENCE bench_key; CREATE SCHEMA few")
        cursor.execute(
            f"CREATE TABLE few.runtime_queueitem (LIKE runtime_queueitem INCLUDING ALL) WITH ({options})"
        )
        cursor.execute("GRANT USAGE ON SCHEMA few TO perennial_app")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA few TO perennial_app")
        cursor.execute("GRANT ALL ON SEQUENCE bench_key TO perennial_app")
        _say(f"{waiting:,} items waiting, as many for later")
        _fill("send", waiting)
        _fill("later", waiting, "1 day")
        cursor.execute("SET search_path = few, public")
        _fill("send", FEW)
        cursor.execute("SET search_path = public")
        for schema in ("public", "few"):
            cursor.execute(f"VACUUM ANALYZE {schema}.runtime_queueitem")
        cursor.execute("CHECKPOINT")
        cursor.execute("RESET ROLE")


def _fill(kind: str, count: int, later: str = "0") -> None:
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [kind, later, count])


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
