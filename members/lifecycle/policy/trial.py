"""Try a policy: ask who would move, have it worked out by whichever process comes first, keep the answer.

A trial is an item of the work queue; a worker that takes it up after another one begins anew, since nothing
is kept before its end.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from crm.runtime.models import QueueItem
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.drain import attempt
from crm.runtime.queue.enqueue import enqueue
from crm.runtime.queue.finish import complete
from crm.runtime.queue.kinds import Failure
from crm.runtime.queue.lease import held
from crm.runtime.work.jobs import record
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.lifecycle.models import Policy, PolicyTrial, Standing, TrialOutcome
from members.lifecycle.permissions import CHANGE_POLICY
from members.lifecycle.policy.change import as_policy, as_text, draft
from members.lifecycle.policy.preview import preview
from members.lifecycle.policy.versions import policy_at
from members.lifecycle.recording import crash_points

KIND = "policy trial"
JOB = "try a policy"
SMALL = 20_000  # members that are judged in about a second: less than a worker takes to be woken and seen
REUSED = timedelta(hours=1)
KEEP = timedelta(days=30)  # longer than a request made from it can wait
TURNS = 5


def ask(values: Mapping[str, Any], *, effective_from: datetime, asker: Staff, now: datetime) -> PolicyTrial:
    """The trial of these values under the policy in force: one under way, one less than an hour old, or new.

    No worker is woken for a new one (see answer_at_once). Raises NotAllowed, and ValidationError as
    policy.draft.
    """
    require(asker, CHANGE_POLICY)
    text, policy = as_text(draft(values, effective_from=effective_from, now=now)), policy_at(now)
    same = PolicyTrial.objects.filter(policy=policy, values=text).order_by("-pk")
    recent = same.filter(outcome=None) | same.filter(outcome=TrialOutcome.DONE, finished_at__gt=now - REUSED)
    for _turn in range(TURNS):  # another one where somebody asked the same at the same moment, and it failed
        if known := recent.first():
            return known
        with transaction.atomic():
            if item := enqueue(KIND, key=_key(policy, text), wakes=False):
                return PolicyTrial.objects.create(
                    policy=policy,
                    values=text,
                    effective_from=effective_from,
                    asked_by=asker,
                    asked_at=now,
                    item=item,
                )
    raise RuntimeError(f"an item of the queue has no trial: {_key(policy, text)}")


def _key(policy: Policy, text: Mapping[str, str]) -> str:
    """What is tried once at a time: these values under this policy."""
    digest = hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()
    return f"{policy.version} {digest}"


def answer_at_once(trial: PolicyTrial, now: datetime) -> bool:
    """Whether the trial needs no worker: it is over, or members are so few that it is worked out here."""
    if trial.is_open and Standing.objects.all()[: SMALL + 1].count() <= SMALL:
        item = claim_item(trial.item_id) if trial.item_id else None
        if item:
            with suppress(Exception), attempt([item], now):  # told by the trial
                _finish(trial, item, now, lambda: _work_out(trial, item, now))
        trial.refresh_from_db()
    return not trial.is_open


def work(items: list[QueueItem], now: datetime) -> None:
    """Work trials out, each with a record of it for the jobs page."""
    for item in items:
        trial = PolicyTrial.objects.select_related("policy").get(item=item)
        _finish(trial, item, now, _recorded(trial, item, now))


def ended(items: list[QueueItem], why: Failure, now: datetime) -> None:
    """Record that trials failed; without words where each attempt lost its worker."""
    PolicyTrial.objects.filter(item__in=items, outcome=None).update(
        outcome=TrialOutcome.FAILED, finished_at=now, failure=why.params.get("error", "")
    )


def prune(now: datetime) -> int:
    """Forget trials asked for 30 days ago or more and over; returns how many."""
    return PolicyTrial.objects.filter(asked_at__lte=now - KEEP, outcome__isnull=False).delete()[0]


def _finish(
    trial: PolicyTrial, item: QueueItem, now: datetime, work_out: Callable[[], dict[str, Any]]
) -> None:
    """Store what comes of it, as long as nobody else has taken it up since. Raises LeaseLost."""
    begun = time.monotonic()
    result = work_out()
    members = sum(members for _before, _after, members, _aum in result["moves"])
    with transaction.atomic():
        _mine(trial, item).update(
            outcome=TrialOutcome.DONE,
            finished_at=now + timedelta(seconds=time.monotonic() - begun),
            result=result,
            done=members,
            total=members,
        )
        complete([item])


def _recorded(trial: PolicyTrial, item: QueueItem, now: datetime) -> Callable[[], dict[str, Any]]:
    def work_out() -> dict[str, Any]:
        with record(JOB, now=now, caller="web", item=item) as job:
            result = _work_out(trial, item, now, job.advance)
            job.detail(trial=trial.pk, moved=result["moved"])
        return result

    return work_out


def _work_out(
    trial: PolicyTrial, item: QueueItem, now: datetime, advance: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    total = Standing.objects.exclude(stage=None).count()

    def tell(members: int) -> None:
        # Members may be staged while it runs: never more done than there are.
        _mine(trial, item).update(done=min(members, total))
        if advance:
            advance(members, total)
        crash_points.here("after_range")

    _mine(trial, item).update(started_at=now, done=0, total=total)
    return preview(as_policy(trial), now=now, progress=tell).stored()


def _mine(trial: PolicyTrial, item: QueueItem) -> QuerySet[PolicyTrial]:
    """The row as long as nobody else has taken the trial up since."""
    return PolicyTrial.objects.filter(Exists(held(item)), pk=trial.pk, outcome=None)
