"""Trials of a policy: request one, evaluate all members under it, store who would move.

A trial is an item of the work queue. A worker that takes over after another one starts from the beginning,
since nothing is stored before the end.
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

from crm.runtime.background.jobs import record
from crm.runtime.models import QueueItem
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.drain import attempt
from crm.runtime.queue.enqueue import enqueue
from crm.runtime.queue.finish import complete
from crm.runtime.queue.kinds import Failure
from crm.runtime.queue.lease import held
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.lifecycle import crash_points
from members.lifecycle.models import Policy, PolicyTrial, Standing, TrialOutcome
from members.lifecycle.permissions import CHANGE_POLICY
from members.lifecycle.policy.change import draft_policy, policy_of_trial, values_as_text
from members.lifecycle.policy.preview import Preview, preview_policy
from members.lifecycle.policy_versions import policy_at

KIND = "policy trial"
JOB = "try a policy"
FEW_MEMBERS = 20_000  # evaluated in about a second: sooner than a worker is woken and its progress shown
REUSE_FOR = timedelta(hours=1)
RETENTION = timedelta(days=30)  # longer than a request that rests on it can be pending
ATTEMPTS = 5


def request_trial(
    values: Mapping[str, Any], *, effective_from: datetime, staff: Staff, now: datetime
) -> PolicyTrial:
    """The trial of these values under the policy in force: an open one, one less than an hour old, or new.

    No worker is woken for a new one (see run_if_few_members). Raises NotAllowed, and ValidationError as
    change.draft_policy.
    """
    require(staff, CHANGE_POLICY)
    draft, policy = draft_policy(values, effective_from=effective_from, now=now), policy_at(now)
    text, base = values_as_text(draft), draft.base_version
    same = PolicyTrial.objects.filter(policy=policy, base_version=base, values=text).order_by("-pk")
    recent = same.filter(outcome=None) | same.filter(
        outcome=TrialOutcome.DONE, finished_at__gt=now - REUSE_FOR
    )
    for _attempt in range(ATTEMPTS):  # again where the same trial of somebody else has failed in this moment
        if known := recent.first():
            return known
        with transaction.atomic():
            if item := enqueue(KIND, key=_key(policy, base, text), wakes=False):
                return PolicyTrial.objects.create(
                    policy=policy,
                    base_version=base,
                    values=text,
                    effective_from=effective_from,
                    requested_by=staff,
                    requested_at=now,
                    item=item,
                )
    raise RuntimeError(f"an item of the queue has no trial: {_key(policy, base, text)}")


def _key(policy: Policy, base: int | None, text: Mapping[str, str]) -> str:
    """The key of the queue item: one trial of these values, base and policy is open at a time."""
    digest = hashlib.sha256(json.dumps(text, sort_keys=True).encode()).hexdigest()
    return f"{policy.version} {base} {digest}"


def run_if_few_members(trial: PolicyTrial, now: datetime) -> bool:
    """Run the trial here, if members are few; returns whether it is over and needs no worker."""
    if trial.is_open and Standing.objects.all()[: FEW_MEMBERS + 1].count() <= FEW_MEMBERS:
        item = claim_item(trial.item_id) if trial.item_id else None
        if item:
            with suppress(Exception), attempt([item], now):  # the trial records its failure
                _run(trial, item, now, lambda: _evaluate(trial, item, now))
        trial.refresh_from_db()
    return not trial.is_open


def run_trials(items: list[QueueItem], now: datetime) -> None:
    """Handle queue items: run their trials, each with a record for the jobs page."""
    for item in items:
        trial = PolicyTrial.objects.select_related("policy").get(item=item)
        _run(trial, item, now, _recorded(trial, item, now))


def fail_trials(items: list[QueueItem], why: Failure, now: datetime) -> None:
    """Record that trials failed; `failure` stays empty where each attempt lost its worker."""
    PolicyTrial.objects.filter(item__in=items, outcome=None).update(
        outcome=TrialOutcome.FAILED, finished_at=now, failure=why.params.get("error", "")
    )


def delete_old_trials(now: datetime) -> int:
    """Delete finished trials requested 30 days ago or more; returns how many."""
    return PolicyTrial.objects.filter(requested_at__lte=now - RETENTION, outcome__isnull=False).delete()[0]


def _run(trial: PolicyTrial, item: QueueItem, now: datetime, evaluate: Callable[[], dict[str, Any]]) -> None:
    """Evaluate and store the result, unless another worker has taken over. Raises LeaseLost."""
    started = time.monotonic()
    result = evaluate()
    members = Preview.from_json(result).members
    with transaction.atomic():
        _held_trial(trial, item).update(
            outcome=TrialOutcome.DONE,
            finished_at=now + timedelta(seconds=time.monotonic() - started),
            result=result,
            done=members,
            total=members,
        )
        complete([item])


def _recorded(trial: PolicyTrial, item: QueueItem, now: datetime) -> Callable[[], dict[str, Any]]:
    def evaluate() -> dict[str, Any]:
        with record(JOB, now=now, caller="web", item=item) as job:
            result = _evaluate(trial, item, now, job.advance)
            job.detail(trial=trial.pk, moved=result["moved"])
        return result

    return evaluate


def _evaluate(
    trial: PolicyTrial, item: QueueItem, now: datetime, advance: Callable[[int, int], None] | None = None
) -> dict[str, Any]:
    total = Standing.objects.exclude(stage=None).count()

    def report(members: int) -> None:
        # Members may be added while it runs: never report more than there are.
        _held_trial(trial, item).update(done=min(members, total))
        if advance:
            advance(members, total)
        crash_points.crash_here_if_asked("after_range")

    _held_trial(trial, item).update(started_at=now, done=0, total=total)
    return preview_policy(policy_of_trial(trial), now=now, progress=report).to_json()


def _held_trial(trial: PolicyTrial, item: QueueItem) -> QuerySet[PolicyTrial]:
    """The row, as long as this worker holds the item."""
    return PolicyTrial.objects.filter(Exists(held(item)), pk=trial.pk, outcome=None)
