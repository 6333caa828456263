"""Keep tiers up to date: members whose facts changed, members who are due, and all when a policy starts.

Each batch is claimed under locks and committed whole: any number of workers may run, and any may be killed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.lifecycle import crash_points
from members.lifecycle.evaluation.evaluate import execute
from members.loyalty.models import TierPolicy, TierSweep
from members.loyalty.tiers.evaluation.evaluate import evaluate, parameters_of, prepare, store

_sql = sql_beside(__file__)
JOB = "keep tiers"  # the name its runs are recorded under
BATCH = 20_000
# Whom each claim would find, asked first: a claim that finds nobody costs more than the question.
_WAITING = {
    "claim_dirty": """SELECT EXISTS (SELECT FROM loyalty_tierdirty
        WHERE programme_id = %(programme)s AND since_day <= %(today)s)""",
    "claim_due": """SELECT EXISTS (SELECT FROM loyalty_tierstanding
        WHERE programme_id = %(programme)s AND due_on <= %(today)s)""",
}
Progress = Callable[[int], None]


@dataclass
class Kept:
    """What a run did: members evaluated, changes added and superseded."""

    members: int = 0
    added: int = 0
    superseded: int = 0


def keep(*, now: datetime, batch: int = BATCH, progress: Progress | None = None) -> Kept:
    """Bring the tiers of every programme up to `now`; what others hold at the moment is left to them."""
    done = Kept()
    programmes = TierPolicy.objects.filter(effective_from__lte=day_of(now)).values_list(
        "programme", flat=True
    )
    for programme in sorted(set(programmes)):
        parameters = parameters_of(programme, now) | {"batch": batch}
        for claim, waiting in _WAITING.items():
            while _any(waiting, parameters) and _keep_batch(claim, parameters, done):
                _tell(progress, done)
        for sweep in TierSweep.objects.filter(programme=programme, day__lte=day_of(now), ended_at=None):
            while _sweep_batch(sweep, parameters, done):
                _tell(progress, done)
    return done


def has_pending(*, now: datetime) -> bool:
    """Whether keep() would find anything to do. One query."""
    return _any(_sql("pending"), {"today": day_of(now)})


def _any(question: str, parameters: dict[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return bool(cursor.fetchone()[0])


def _tell(progress: Progress | None, done: Kept) -> None:
    if progress:
        progress(done.members)


@transaction.atomic
def _keep_batch(claim: str, parameters: dict[str, Any], done: Kept) -> int:
    """Evaluate and store one batch; returns how many members were claimed."""
    prepare()
    claimed = execute(_sql(claim).format(claim=_sql("claim")), parameters)
    if claimed:
        evaluate_claimed(parameters, done)
    return claimed


@transaction.atomic
def _sweep_batch(sweep: TierSweep, parameters: dict[str, Any], done: Kept) -> bool:
    """Evaluate the next members of a sweep; returns whether there may be more."""
    held = TierSweep.objects.select_for_update().get(pk=sweep.pk)
    if held.ended_at is not None:
        return False
    prepare()
    given = {"sweep": held.pk, "sweep_day": held.day, "done_to": held.done_to}
    if execute(_sql("claim_sweep").format(claim=_sql("claim")), parameters | given):
        evaluate_claimed(parameters, done)
    return True


def evaluate_claimed(parameters: dict[str, Any], done: Kept) -> None:
    """Evaluate and store the members of _tier_claim."""
    crash_points.crash_here_if_asked("after_claim")
    execute(_sql("drop_strangers"), parameters)
    evaluate(parameters)
    crash_points.crash_here_if_asked("after_evaluate")
    stored = store(parameters)
    crash_points.crash_here_if_asked("before_commit")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM _tier_state")
        done.members += cursor.fetchone()[0]
    done.added += stored.added
    done.superseded += stored.superseded
