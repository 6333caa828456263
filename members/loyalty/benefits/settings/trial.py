"""Previews of drafts as items of the work queue: request one, calculate it, store what it gave.

A worker that takes over after another one starts from the beginning, since nothing is stored before the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, QuerySet

from crm.runtime import clock
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
from members.loyalty.benefits.settings.change import (
    BenefitRefused,
    Draft,
    Refusal,
    latest_version,
    version_values,
)
from members.loyalty.benefits.settings.preview import preview
from members.loyalty.models import Benefit, BenefitTrial, BenefitVersion, TierStanding
from members.loyalty.permissions import CHANGE_BENEFITS

KIND = "benefit preview"
JOB = "preview a benefit"
VALIDITY = timedelta(days=1)  # how long a proposal may rest on a preview
RETENTION = timedelta(days=30)
FEW_MEMBERS = 20_000  # counted sooner than a worker is woken


def request_trial(made: Draft, *, staff: Staff, now: datetime) -> BenefitTrial:
    """The preview of this draft: one that is open or less than a day old, or a new one.

    No worker is woken for a new one (see run_if_few_members). Raises NotAllowed.
    """
    require(staff, CHANGE_BENEFITS)
    content, base = made.content(), made.version.number - 1
    BenefitTrial.objects.filter(requested_at__lte=now - RETENTION, finished_at__isnull=False).delete()
    with transaction.atomic():
        item = enqueue(KIND, key=_key(content, base), wakes=False)
        if item is None:
            return BenefitTrial.objects.filter(content=content, base=base, finished_at=None).latest("pk")
        return BenefitTrial.objects.create(
            programme=made.programme,
            content=content,
            base=base,
            requested_by=staff,
            requested_at=now,
            item=item,
        )


def run_if_few_members(trial: BenefitTrial, now: datetime) -> bool:
    """Calculate it here, if members are few; returns whether it is over and needs no worker."""
    if trial.finished_at is None and TierStanding.objects.all()[: FEW_MEMBERS + 1].count() <= FEW_MEMBERS:
        item = claim_item(trial.item_id) if trial.item_id else None
        if item:
            with suppress(Exception), attempt([item], now):  # the trial records its failure
                _run(trial, item, now)
        trial.refresh_from_db()
    return trial.finished_at is not None


def run_trials(items: list[QueueItem], now: datetime) -> None:
    """Handle queue items: calculate their previews, each with a record for the jobs page."""
    for item in items:
        trial = BenefitTrial.objects.select_related("programme").get(item=item)
        with record(JOB, now=now, caller="web", item=item) as job:
            _run(trial, item, now, job.advance)


def fail_trials(items: list[QueueItem], why: Failure, now: datetime) -> None:
    """Record that previews failed."""
    BenefitTrial.objects.filter(item__in=items, finished_at=None).update(finished_at=now)


def valid_trial(trial_id: int | None, made: Draft, now: datetime) -> BenefitTrial:
    """The finished preview of exactly this draft, if a proposal may rest on it.

    Raises BenefitRefused.
    """
    found = BenefitTrial.objects.filter(pk=trial_id or 0, finished_at__gt=now - VALIDITY).first()
    if (
        found is None
        or found.result is None
        or found.content != made.content()
        or found.base != made.version.number - 1
    ):
        raise BenefitRefused(Refusal.PREVIEW_REQUIRED)
    return found


def draft_of(trial: BenefitTrial) -> Draft:
    """The draft that a preview is of."""
    content = trial.content
    benefit = Benefit.objects.filter(programme=trial.programme_id, code=content["code"]).first()
    version = BenefitVersion(
        number=trial.base + 1,
        effective_from=date.fromisoformat(content["effective_from"]),
        **version_values(content["values"]),
    )
    base = latest_version(benefit) if benefit else None
    return Draft(trial.programme, content["code"], base, version, content["quotas"])


def _run(
    trial: BenefitTrial,
    item: QueueItem,
    now: datetime,
    advance: Callable[[int, int], None] | None = None,
) -> None:
    """Calculate and store the result, unless another worker has taken over. Raises LeaseLost."""

    def report(done: int, total: int) -> None:
        _held(trial, item).update(done=done, total=total)
        if advance:
            advance(done, total)

    result = preview(draft_of(trial), today=clock.day_of(now), progress=report).to_json()
    with transaction.atomic():
        _held(trial, item).update(finished_at=now, result=result)
        complete([item])


def _held(trial: BenefitTrial, item: QueueItem) -> QuerySet[BenefitTrial]:
    """The row, as long as this worker holds the item."""
    return BenefitTrial.objects.filter(Exists(held(item)), pk=trial.pk, finished_at=None)


def _key(content: dict[str, object], base: int) -> str:
    """The key of the queue item: one preview of one draft is open at a time."""
    return f"{base} {hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()}"
