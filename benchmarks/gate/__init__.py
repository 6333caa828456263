"""What verdicts cost, against a bare insert of as many rows."""

from __future__ import annotations

from typing import Any

from django.db import connection

from benchmarks.gate import data
from benchmarks.restage import say, timed
from campaigns.delivery.gate.decide import Decided, decide
from campaigns.delivery.models import Verdict
from members.profiles.models import ContactChannel


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Verdicts for all members about a product by SMS, stored; then the same rows bare, with their keys."""
    version = data.build(members)
    ids = list(range(1, members + 1))
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; CHECKPOINT; RESET ROLE")
    done: list[Decided] = []
    seconds = timed(lambda: done.append(decide(ids, version, ContactChannel.SMS, data.NOW)))
    outcomes = {f"{outcome} {row}": count for (outcome, row), count in sorted(done[0].counts.items())}
    say(f"{members:,} verdicts in {seconds:.1f} s: {outcomes}")
    if sum(outcomes.values()) != members or Verdict.objects.count() != members:
        raise AssertionError(f"not a verdict each: {outcomes}")
    bare = _bare()
    say(f"bare {bare:.1f} s")
    single = min(timed(lambda: decide([7], version, ContactChannel.SMS, data.NOW)) for _ in range(20))
    return {
        "members": members,
        "decide_seconds": round(seconds, 2),
        "bare_insert_seconds": round(bare, 2),
        "insert_ratio": round(bare / seconds, 3),
        "verdicts_per_s": round(members / seconds),
        "single_ms": round(single * 1000, 1),
    }


def _bare() -> float:
    """Seconds for the same rows into a table with the same keys and indexes, without triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE; CREATE SCHEMA bare")
        cursor.execute("CREATE TABLE bare.delivery_verdict (LIKE delivery_verdict INCLUDING ALL)")
        cursor.execute("CHECKPOINT")
        copy = "INSERT INTO bare.delivery_verdict SELECT * FROM delivery_verdict ORDER BY member_id"
        seconds = timed(lambda: cursor.execute(copy))
        cursor.execute("DROP SCHEMA bare CASCADE; RESET ROLE")
    return seconds
