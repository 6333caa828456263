"""Keep badges and quests: decide about members whose facts changed or for whom an instant has come.

Each batch is claimed under the lock of a part of the members and committed whole: any number of workers may
run, and any of them may be killed. A rule that fails is set apart, so that the others are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from crm.runtime.sql_files import sql_beside
from members.loyalty.incentives.keeping.compiled import CLAIM_TABLE, Compiled, CompiledCache
from members.loyalty.incentives.keeping.compute import compute_waiting, recompute_readers_of
from members.loyalty.incentives.keeping.correct import supersede_corrected
from members.loyalty.incentives.keeping.failures import is_its_own, set_apart
from members.loyalty.incentives.keeping.locks import PARTS, try_part
from members.rules.catalogue.activities import activities, measures

_sql = sql_beside(__file__)
JOB = "keep badges and quests"  # the name its runs are recorded under
BATCH = 20_000  # members, and pairs of a rule and a member
MARKS = 4  # batches of marks that are few: a member has several
Progress = Callable[[int], None]


@dataclass
class Kept:
    """What a run did: claims worked on, what was recorded, records superseded, rules computed."""

    claims: int = 0
    awards: int = 0
    starts: int = 0
    steps: int = 0
    superseded: int = 0
    computed: int = 0

    def add(self, outcome: str, number: int) -> None:
        """Count what an outcome ("badge", "start", "step") recorded."""
        name = {"badge": "awards", "start": "starts", "step": "steps"}[outcome]
        setattr(self, name, getattr(self, name) + number)


def has_pending(*, now: datetime) -> bool:
    """Whether keep() would find anything to do."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("pending"), {"now": now})
        return bool(cursor.fetchone()[0])


def keep(*, now: datetime, batch: int = BATCH, progress: Progress | None = None) -> Kept:
    """Bring badges and quests up to `now`: compute new versions, then decide about marked and due members.

    What others hold at the moment is left to them. A rule may name badges and quests, whose members are
    marked in turn, so this goes on until nothing is marked any more.
    """
    done, cache = Kept(), CompiledCache(now)
    moving = True
    while moving:
        recompute_readers_of()
        computed = compute_waiting(now, _decide_steps)
        done.computed += computed
        moving = bool(computed)
        for parts in _groups(batch):
            while claims := _keep_batch(parts, now, batch, cache, done):
                moving = True
                done.claims += claims
                if progress:
                    progress(done.claims)
    return done


def _groups(batch: int) -> list[list[int]]:
    """The parts that are worked on together: all where little waits, since each claim has a fixed cost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM loyalty_incentive_dirty LIMIT %s) some_marks", [MARKS * batch]
        )
        few = cursor.fetchone()[0] < MARKS * batch
    return [list(range(PARTS))] if few else [[part] for part in range(PARTS)]


@transaction.atomic
def _keep_batch(parts: list[int], now: datetime, batch: int, cache: CompiledCache, done: Kept) -> int:
    """Work on one batch of some parts; returns its number of claims, 0 where others have all of them."""
    held = [part for part in parts if try_part(part)]
    if not held:
        return 0
    kept = cache.kept(lambda rule, error: set_apart(rule, error, now))
    claims, sources, wanted = _claim(held, now, batch, [one.rule.pk for one in kept])
    if not claims:
        return 0
    for one in kept:
        is_marked = not sources.isdisjoint(one.condition.tables)
        if is_marked or one.rule.pk in wanted:
            wanted |= _apply(one, now, done)
        if is_marked:
            done.superseded += supersede_corrected(one)
    return claims


def _claim(held: list[int], now: datetime, batch: int, kept: list[int]) -> tuple[int, set[str], set[int]]:
    """Fill _incentive_claim; returns how many rows it has, their tables and their rules."""
    dated = {one.table for one in activities.values()} | {one.table for one in measures.values()}
    given: dict[str, Any] = {
        "held": held,
        "parts": PARTS,
        "now": now,
        "batch": batch,
        "kept": kept,
        "zone": settings.BUSINESS_TIME_ZONE,
        "dated": sorted(dated),
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_TABLE)
        cursor.execute(_sql("claim"), given)
        if not (claims := cursor.rowcount):
            return 0, set(), set()
        cursor.execute("ANALYZE _incentive_claim")  # for the joins of the statements that decide
        cursor.execute(
            "SELECT array_agg(DISTINCT source) FILTER (WHERE source IS NOT NULL),"
            " array_agg(DISTINCT rule_id) FILTER (WHERE rule_id IS NOT NULL) FROM _incentive_claim"
        )
        sources, rules = cursor.fetchone()
    return claims, set(sources or ()), set(rules or ())


def _apply(one: Compiled, now: datetime, done: Kept) -> set[int]:
    """Decide about the claimed members of a rule; returns the rules that come into question by that.

    A rule that its data make fail is set apart.
    """
    try:
        with transaction.atomic():
            recorded, leads_on = one.decide("answer_claimed")
    except DatabaseError as error:
        if not is_its_own(error):
            raise
        set_apart(one.rule, error, now)
        return set()
    done.add(one.outcome, int(recorded))
    return set(one.following) if leads_on else set()


def _decide_steps(started: Compiled, steps: list[Compiled]) -> None:
    """After a quest's start was computed from all members: its steps, of those for whom it started."""
    wanted = set(started.following)
    for one in steps:
        if one.rule.pk in wanted:
            wanted |= _apply(one, one.now, Kept())
