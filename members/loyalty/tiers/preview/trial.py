"""Previews of tier rules: request one, judge all members, store who would move.

A preview is an item of the work queue. A worker that takes over after another one starts from the beginning,
since nothing is stored before the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from crm.runtime.background.jobs import record
from crm.runtime.clock import day_of
from crm.runtime.models import QueueItem
from crm.runtime.queue.claim import claim_item
from crm.runtime.queue.drain import attempt
from crm.runtime.queue.enqueue import enqueue
from crm.runtime.queue.finish import complete
from crm.runtime.queue.kinds import Failure
from crm.runtime.queue.lease import held
from crm.staff.models import Staff
from crm.staff.permissions import require
from members.loyalty.models import TierPolicy, TierStanding, TierTrial
from members.loyalty.permissions import CHANGE_TIERS
from members.loyalty.tiers.policy.draft import draft_policy, values_of
from members.loyalty.tiers.preview.preview import Preview, preview_policy

KIND = "tier preview"
JOB = "preview tier rules"
FEW_MEMBERS = 20_000  # judged sooner than a worker is woken and its progress shown
REUSE_FOR = timedelta(hours=1)
RETENTION = timedelta(days=30)  # longer than a request that rests on it can be pending


def request_trial(
    programme: int, values: Mapping[str, Any], *, effective_from: date, staff: Staff, now: datetime
) -> TierTrial:
    """The preview of these rules on the latest version: an open one, one less than an hour old, or new.

    No worker is woken for a new one (see run_if_few_members).

    Raises NotAllowed, and ValidationError as draft_policy.
    """
    require(staff, CHANGE_TIERS)
    draft = draft_policy(programme, values, effective_from=effective_from, today=day_of(now))
    stored = {"values": values_of(draft), "effective_from": effective_from.isoformat()}
    same = TierTrial.objects.filter(
        programme=programme, base_version=draft.version - 1, values=stored, failed=False
    ).order_by("-pk")
    if known := (same.filter(finished_at=None) | same.filter(finished_at__gt=now - REUSE_FOR)).first():
        return known
    text = json.dumps(stored, sort_keys=True, default=str)
    with transaction.atomic():
        item = enqueue(
            KIND,
            key=f"{programme} {draft.version} {hashlib.sha256(text.encode()).hexdigest()} {now}",
            wakes=False,
        )
        return TierTrial.objects.create(
            programme_id=programme,
            base_version=draft.version - 1,
            values=stored,
            requested_by=staff,
            requested_at=now,
            item=item,
        )


def policy_of_trial(trial: TierTrial) -> TierPolicy:
    """The rules that a preview judges by, not stored."""
    return TierPolicy(
        programme_id=trial.programme_id,
        version=trial.base_version + 1,
        effective_from=date.fromisoformat(trial.values["effective_from"]),
        **trial.values["values"],
    )


def run_if_few_members(trial: TierTrial, now: datetime) -> bool:
    """Run the preview here, if members are few; returns whether it is over and needs no worker."""
    few = TierStanding.objects.filter(programme=trial.programme_id)[: FEW_MEMBERS + 1].count() <= FEW_MEMBERS
    if few and trial.finished_at is None:
        item = claim_item(trial.item_id) if trial.item_id else None
        if item:
            with suppress(Exception), attempt([item], now):  # the trial records its failure
                _run(trial, item, now, lambda done, total: None)
        trial.refresh_from_db()
    return trial.finished_at is not None


def run_trials(items: list[QueueItem], now: datetime) -> None:
    """Handle queue items: run their previews, each with a record for the jobs page. Raises LeaseLost."""
    for item in items:
        trial = TierTrial.objects.get(item=item)
        with record(JOB, now=now, caller="web", item=item) as job:
            found = _run(trial, item, now, job.advance)
            job.detail(members=found.members, moved=found.moved)


def _run(trial: TierTrial, item: QueueItem, now: datetime, advance: Callable[[int, int], None]) -> Preview:
    """Judge all members and store the result, unless another worker has taken over."""

    def report(done: int, total: int) -> None:
        _held_trial(trial, item).update(done=done, total=total)
        advance(done, total)

    found = preview_policy(policy_of_trial(trial), progress=report)
    with transaction.atomic():
        _held_trial(trial, item).update(
            result=found.to_json(), done=found.members, total=found.members, finished_at=now
        )
        complete([item])
    return found


def fail_trials(items: list[QueueItem], _why: Failure, now: datetime) -> None:
    """Record that previews failed."""
    TierTrial.objects.filter(item__in=items, finished_at=None).update(failed=True, finished_at=now)


def delete_old_trials(now: datetime) -> int:
    """Delete finished previews requested 30 days ago or more; returns how many."""
    old = TierTrial.objects.filter(requested_at__lte=now - RETENTION, finished_at__isnull=False)
    return old.delete()[0]


def _held_trial(trial: TierTrial, item: QueueItem) -> QuerySet[TierTrial]:
    """The row, as long as this worker holds the item."""
    return TierTrial.objects.filter(Exists(held(item)), pk=trial.pk, finished_at=None)
