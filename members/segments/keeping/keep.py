"""Keep segments: decide about members whose facts changed or for whom an instant has come.

Each batch is claimed under the lock of a part of the members and committed whole: any number of workers may
run, and any of them may be killed. A segment that fails is set apart, so that the others are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from crm.runtime.sql_files import sql_beside
from members.segments.keeping.compiled import Compiled, CompiledCache
from members.segments.keeping.compute import compute_waiting, recompute_readers_of
from members.segments.keeping.failures import is_its_own, set_apart
from members.segments.keeping.locks import PARTS, try_part
from members.segments.keeping.summarize import summarize_changed

_sql = sql_beside(__file__)
JOB = "keep segments"  # the name its runs are recorded under
BATCH = 20_000  # members, and pairs of a segment and a member
MARKS = 4  # batches of marks that are few: a member has several
_CLAIM_TABLE = """
CREATE TEMP TABLE IF NOT EXISTS _segment_claim (
    member_id bigint NOT NULL,
    source text,         -- the table whose rows of the member changed
    segment_id bigint,   -- or the segment for which an instant has come
    at timestamptz NOT NULL
);
TRUNCATE _segment_claim
"""
Progress = Callable[[int], None]


@dataclass
class Kept:
    """What a run did: claims worked on, members who joined and left, segments calculated from all members."""

    claims: int = 0
    joined: int = 0
    left: int = 0
    computed: int = 0
    changed: set[int] = field(default_factory=set)


def has_pending(*, now: datetime) -> bool:
    """Whether keep() would find anything to do."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("pending"), {"now": now})
        return bool(cursor.fetchone()[0])


def keep(*, now: datetime, batch: int = BATCH, progress: Progress | None = None) -> Kept:
    """Bring every segment up to `now`: compute new versions, then decide about marked and due members.

    What others hold at the moment is left to them. Members of segments whose members change are marked in
    turn where a rule names the segment, so this goes on until nothing is marked any more.
    """
    done, cache = Kept(), CompiledCache(now)
    moving = True
    while moving:
        recompute_readers_of()
        computed = compute_waiting(now)
        done.computed += len(computed)
        done.changed |= set(computed)
        moving = bool(computed)
        for parts in _groups(batch):
            while claims := _keep_batch(parts, now, batch, cache, done):
                moving = True
                done.claims += claims
                if progress:
                    progress(done.claims)
    summarize_changed(done.changed, now)
    return done


def _groups(batch: int) -> list[list[int]]:
    """The parts that are worked on together: all where little waits, since each claim has a fixed cost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM segments_dirty LIMIT %s) some_marks", [MARKS * batch]
        )
        few = cursor.fetchone()[0] < MARKS * batch
    return [list(range(PARTS))] if few else [[part] for part in range(PARTS)]


@transaction.atomic
def _keep_batch(parts: list[int], now: datetime, batch: int, cache: CompiledCache, done: Kept) -> int:
    """Work on one batch of some parts; returns its number of claims, 0 where others have all of them."""
    held = [part for part in parts if try_part(part)]
    if not held:
        return 0
    kept = cache.kept(lambda segment, error: set_apart(segment, error, now))
    claims, sources, due = _claim(held, now, batch, [one.segment.pk for one in kept])
    for one in kept:
        if one.segment.pk in due or not sources.isdisjoint(one.condition.tables):
            _apply(one, now, done)
    return claims


def _claim(held: list[int], now: datetime, batch: int, kept: list[int]) -> tuple[int, set[str], set[int]]:
    """Fill _segment_claim; returns how many rows it has, their tables and their segments."""
    given: dict[str, Any] = {"held": held, "parts": PARTS, "now": now, "batch": batch, "kept": kept}
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM_TABLE)
        cursor.execute(_sql("claim"), {**given, "zone": settings.BUSINESS_TIME_ZONE})
        if not (claims := cursor.rowcount):
            return 0, set(), set()
        cursor.execute("ANALYZE _segment_claim")  # for the joins of the statements that decide
        cursor.execute(
            "SELECT array_agg(DISTINCT source) FILTER (WHERE source IS NOT NULL),"
            " array_agg(DISTINCT segment_id) FILTER (WHERE segment_id IS NOT NULL) FROM _segment_claim"
        )
        sources, due = cursor.fetchone()
    return claims, set(sources or ()), set(due or ())


def _apply(one: Compiled, now: datetime, done: Kept) -> None:
    """Decide about the claimed members of a segment; one that its data make fail is computed again later."""
    try:
        with transaction.atomic():
            joined, left = one.execute("apply")
    except DatabaseError as error:
        if not is_its_own(error):
            raise
        set_apart(one.segment, error, now)
        return
    done.joined += int(joined)
    done.left += int(left)
    if joined or left:
        done.changed.add(one.segment.pk)
