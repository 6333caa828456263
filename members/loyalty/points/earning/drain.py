"""Give what the earn rules say for facts that changed, and take back what they no longer say.

Each batch is claimed under the lock of a part of the members and committed whole: any number of workers may
run, and any of them may be killed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from crm.runtime.sql_files import sql_beside
from members.loyalty.points.earning.rules import Rule, rules_of
from members.loyalty.points.earning.stop import budget_left, record_granted

_sql = sql_beside(__file__)
JOB = "earn points"  # the name its runs are recorded under
BATCH = 20_000  # members
PARTS = 4
_SPACE = 0x907  # of our advisory locks; the second number is the part
# The planner believes a ledger to be empty until it is analysed, and would read all of it for each member.
_TABLES = """
SET LOCAL enable_seqscan = off;
CREATE TEMP TABLE IF NOT EXISTS _earn_claim (
    member_id bigint NOT NULL, source text NOT NULL, since timestamptz NOT NULL
);
CREATE TEMP TABLE IF NOT EXISTS _earn_fact (
    member_id bigint NOT NULL, version_id bigint NOT NULL, source_row text NOT NULL, at timestamptz NOT NULL,
    amount numeric
);
CREATE TEMP TABLE IF NOT EXISTS _earn_new (
    member_id bigint NOT NULL, version_id bigint NOT NULL, source_row text NOT NULL, at timestamptz NOT NULL,
    amount numeric, points bigint NOT NULL, available timestamptz NOT NULL, expires timestamptz,
    key text NOT NULL
);
CREATE TEMP TABLE IF NOT EXISTS _earn_had (
    member_id bigint NOT NULL, id bigint NOT NULL, version_id bigint NOT NULL, source_row text NOT NULL,
    at timestamptz NOT NULL, amount numeric, points bigint NOT NULL, is_claimed boolean NOT NULL
);
TRUNCATE _earn_claim
"""
Progress = Callable[[int], None]


@dataclass
class Drained:
    """Members looked at, postings added with their points, postings taken back, points a budget withheld."""

    members: int = 0
    added: int = 0
    points: int = 0
    taken: int = 0
    withheld: int = 0


def has_pending(*, now: datetime) -> bool:
    """Whether drain() would find a mark."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM loyalty_earnmark WHERE since <= %s)", [now])
        return bool(cursor.fetchone()[0])


def drain(*, now: datetime, batch: int = BATCH, progress: Progress | None = None) -> Drained:
    """Work until no mark is left that others do not hold. Facts after `now` wait for their instant."""
    done = Drained()
    for part in range(PARTS):
        members = batch
        while members == batch:
            members = _drain_batch(part, now, batch, done)
            done.members += members
            if members and progress:
                progress(done.members)
    return done


@transaction.atomic
def _drain_batch(part: int, now: datetime, batch: int, done: Drained) -> int:
    """Work on one batch of a part; returns its number of members, 0 where another worker has the part."""
    given: dict[str, Any] = {"part": part, "parts": PARTS, "now": now, "batch": batch}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_SPACE, part])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_TABLES)
        cursor.execute(_sql("claim"), given)
        (members,) = cursor.fetchone()
        if not members:
            return 0
        cursor.execute("ANALYZE _earn_claim")
        cursor.execute("SELECT array_agg(DISTINCT source) FROM _earn_claim")
        (sources,) = cursor.fetchone()
    for rule in rules_of(sources, now):
        _apply(rule, now, done)
    return int(members)


def _apply(rule: Rule, now: datetime, done: Drained) -> None:
    """Bring the postings of one rule up to the claimed facts."""
    given: dict[str, Any] = rule.parameters | {
        "now": now,
        "rule": rule.pk,
        "programme": rule.programme_id,
        "versions": [one.version.pk for one in rule.versions],
        "sources": [one.source for one in rule.versions],
    }
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE _earn_fact, _earn_new, _earn_had")
        for one in rule.versions:
            cursor.execute(one.statement, given)
        cursor.execute(_sql("wait"), given)
        cursor.execute(_sql("had"), given)
        cursor.execute(_sql("take"), given)
        taken, returned = cursor.fetchone()
        cursor.execute(_sql("new").format(multiplier=rule.multiplier), given)
        left = budget_left(rule, now)
        cursor.execute(_sql("fit"), given | {"left": left})
        (withheld,) = cursor.fetchone()
        cursor.execute(_sql("give"), given)
        added, points, refused = cursor.fetchone()
    if refused:
        raise AssertionError(f"keys of rule {rule.pk} stand for other postings: {refused[:5]}")
    record_granted(rule.pk, granted=points or 0, returned=returned, withheld=withheld, now=now)
    done.added += added or 0
    done.points += points or 0
    done.taken += taken
    done.withheld += withheld
