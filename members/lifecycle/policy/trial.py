"""Try a policy: ask who would move, have it worked out by whichever process comes first, keep the answer.

Who works on a trial holds an advisory lock of its session, which ends with the process however that dies. An
open trial whose lock is free is anybody's to take up; it begins anew, since nothing is kept before its end.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction

from crm.runtime.database.advisory_lock import hold, let_go
from crm.runtime.sql_files import sql_beside
from crm.runtime.work.jobs import describe_error, record
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.lifecycle.models import PolicyTrial, Standing, TrialState
from members.lifecycle.models.trial import OPEN
from members.lifecycle.permissions import CHANGE_POLICY
from members.lifecycle.policy.change import as_policy, as_text, draft
from members.lifecycle.policy.preview import preview
from members.lifecycle.policy.versions import policy_at
from members.lifecycle.recording import crash_points

_sql = sql_beside(__file__)
JOB = "try a policy"
SMALL = 20_000  # members that are judged in about a second: less than a worker takes to be woken and seen
REUSED = timedelta(hours=1)
KEEP = timedelta(days=30)  # longer than a request made from it can wait
MOST_ATTEMPTS = 3
_WORK = "policy trial"


def ask(values: Mapping[str, Any], *, effective_from: datetime, asker: Staff, now: datetime) -> PolicyTrial:
    """The trial of these values under the policy in force: one under way, one less than an hour old, or new.

    Raises NotAllowed, and ValidationError as policy.draft.
    """
    require(asker, CHANGE_POLICY)
    text = as_text(draft(values, effective_from=effective_from, now=now))
    same = PolicyTrial.objects.filter(policy=policy_at(now), values=text).order_by("-pk")
    recent = same.filter(state__in=OPEN) | same.filter(state=TrialState.DONE, finished_at__gt=now - REUSED)
    if known := recent.first():
        return known
    try:
        with transaction.atomic():
            return PolicyTrial.objects.create(
                policy=policy_at(now),
                values=text,
                effective_from=effective_from,
                asked_by=asker,
                asked_at=now,
            )
    except IntegrityError:  # somebody asked the same at the same moment
        return ask(values, effective_from=effective_from, asker=asker, now=now)


def answer_at_once(trial: PolicyTrial, now: datetime) -> bool:
    """Whether the trial needs no worker: it is over, or members are so few that it is worked out here."""
    if trial.is_open and Standing.objects.all()[: SMALL + 1].count() <= SMALL:
        claimed = _claim(now, trial.pk)
        if claimed:
            _carry_out(claimed, now, lambda: _work_out(claimed, now))
        trial.refresh_from_db()
    return not trial.is_open


def work(now: datetime) -> int:
    """Work out whatever waits or lost its process; returns how many. Any number may be at it at once."""
    done = 0
    while trial := _claim(now):
        _carry_out(trial, now, _recorded(trial, now))
        done += 1
    return done


def prune(now: datetime) -> int:
    """Forget trials asked for 30 days ago or more; returns how many."""
    return PolicyTrial.objects.filter(asked_at__lte=now - KEEP).delete()[0]


def _claim(now: datetime, only: int | None = None) -> PolicyTrial | None:
    """The next trial that nobody works on (or this one), held and marked as running."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_sql("claim_trial"), {"now": now, "only": only})
        found = cursor.fetchone()
        if found is None:
            return None
        hold(_WORK, found[0])
        return PolicyTrial.objects.select_related("policy").get(pk=found[0])


def _carry_out(trial: PolicyTrial, now: datetime, work_out: Callable[[], dict[str, Any]]) -> None:
    """Work a held trial out and let go of it. A failure is on record and goes no further."""
    begun = time.monotonic()

    def end(state: TrialState, **facts: Any) -> None:
        finished = now + timedelta(seconds=time.monotonic() - begun)
        _mine(trial).update(state=state, finished_at=finished, **facts)

    try:
        if trial.attempts > MOST_ATTEMPTS:
            end(TrialState.FAILED)
            return
        result = work_out()
        members = sum(members for _before, _after, members, _aum in result["moves"])
        end(TrialState.DONE, result=result, done=members, total=members)
    except Exception as error:
        with suppress(DatabaseError):  # without the database it stays open, and is taken up again
            end(TrialState.FAILED, failure=describe_error(error))
    finally:
        let_go(_WORK, trial.pk)


def _recorded(trial: PolicyTrial, now: datetime) -> Callable[[], dict[str, Any]]:
    """The work with a record of it for the jobs page."""

    def work_out() -> dict[str, Any]:
        with record(JOB, now=now, caller="web") as job:
            result = _work_out(trial, now, job.advance)
            job.detail(trial=trial.pk, moved=result["moved"])
        return result

    return work_out


def _work_out(
    trial: PolicyTrial, now: datetime, advance: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    total = Standing.objects.exclude(stage=None).count()

    def tell(members: int) -> None:
        # Members may be staged while it runs: never more done than there are.
        _mine(trial).update(done=min(members, total))
        if advance:
            advance(members, total)
        crash_points.here("after_range")

    _mine(trial).update(total=total)
    return preview(as_policy(trial), now=now, progress=tell).stored()


def _mine(trial: PolicyTrial) -> Any:
    """The row as long as nobody else has taken the trial up since."""
    return PolicyTrial.objects.filter(pk=trial.pk, state=TrialState.RUNNING, attempts=trial.attempts)
