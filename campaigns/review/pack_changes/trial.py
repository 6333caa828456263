"""Trials of a draft on all stored copy, in the work queue: request one, run it, store what it gave.

A worker that takes over after another one starts from the beginning, since nothing is stored before the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, QuerySet

from campaigns.review.copy.check import PACKS
from campaigns.review.models import CopyState, CopyVersion, PackDraft, PackExample, PackTrial, RulePack
from campaigns.review.pack_changes.compare import MOST_SHOWN, differences, failed_examples
from campaigns.review.pack_changes.draft import Refusal, RulesRefused, compiled_draft
from campaigns.review.permissions import CHANGE_RULES
from campaigns.review.rules.effective import pack_at, source_of
from campaigns.review.wording.packs import Pack
from campaigns.review.wording.sources import compile_pack
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

KIND = "rule pack trial"
JOB = "try a rule pack"
VALIDITY = timedelta(days=1)  # how long a proposal may rest on a trial
RETENTION = timedelta(days=30)
FEW_VERSIONS = 300  # tried sooner than a worker is woken
BATCH = 100


def request_trial(draft: PackDraft, *, staff: Staff, now: datetime) -> PackTrial:
    """The trial of this draft: one that is open or less than a day old, or a new one, for which no worker is
    woken (see run_if_few). Raises NotAllowed, RulesRefused."""
    require(staff, CHANGE_RULES)
    compiled_draft(draft.base, draft.changes, now)
    PackTrial.objects.filter(requested_at__lte=now - RETENTION, finished_at__isnull=False).delete()
    key = trial_key(draft.base, draft.changes)
    if found := _finished(key, now):
        return found
    with transaction.atomic():
        item = enqueue(KIND, key=key, wakes=False)
        if item is None:
            return PackTrial.objects.filter(content_hash=key, finished_at=None).latest("pk")
        return PackTrial.objects.create(
            base=draft.base,
            changes=draft.changes,
            content_hash=key,
            requested_by=staff,
            requested_at=now,
            item=item,
        )


def run_if_few(trial: PackTrial, now: datetime) -> bool:
    """Run it here, if there is little copy; returns whether it is over and needs no worker."""
    if trial.finished_at is None and stored_copy()[: FEW_VERSIONS + 1].count() <= FEW_VERSIONS:
        item = claim_item(trial.item_id) if trial.item_id else None
        if item:
            with suppress(Exception), attempt([item], now):  # the trial records its failure
                _run(trial, item, now)
        trial.refresh_from_db()
    return trial.finished_at is not None


def run_trials(items: list[QueueItem], now: datetime) -> None:
    """Handle queue items: run their trials, each with a record for the jobs page."""
    for item in items:
        trial = PackTrial.objects.select_related("base").get(item=item)
        with record(JOB, now=now, caller="web", item=item) as job:
            _run(trial, item, now, job.advance)


def fail_trials(items: list[QueueItem], why: Failure, now: datetime) -> None:
    """Record that trials failed."""
    PackTrial.objects.filter(item__in=items, finished_at=None).update(finished_at=now)


def valid_trial(draft: PackDraft, now: datetime) -> PackTrial:
    """The finished trial of exactly this draft, if a proposal may rest on it. Raises RulesRefused."""
    trial = _finished(trial_key(draft.base, draft.changes), now)
    if trial is None:
        raise RulesRefused(Refusal.PREVIEW_REQUIRED)
    return trial


def is_valid(trial: PackTrial | None, now: datetime) -> bool:
    """Whether a proposal of what was tried may rest on this trial."""
    return bool(trial and trial.result and trial.finished_at and trial.finished_at > now - VALIDITY)


def trial_key(base: RulePack, changes: Mapping[str, Any]) -> str:
    """SHA-256 of what is tried."""
    return hashlib.sha256(json.dumps([base.pk, changes], sort_keys=True).encode()).hexdigest()


def stored_copy() -> QuerySet[CopyVersion]:
    """All copy that may still be sent, shown or written on."""
    over = (CopyState.REJECTED, CopyState.WITHDRAWN)
    return CopyVersion.objects.exclude(state__in=over).select_related("copy__product").order_by("pk")


def packs_with(base: RulePack, changes: Mapping[str, Any], now: datetime) -> dict[str, tuple[Pack, Pack]]:
    """By language: the pack in effect, and as it would be with the changes, also where it extends them."""
    changed = compiled_draft(base, changes, now)
    found = {}
    for language, name in PACKS.items():
        if name == base.name:
            found[language.value] = (pack_at(name, now), changed)
        elif version := RulePack.objects.filter(name=name, extends=base.name, is_published=True).last():
            found[language.value] = (pack_at(name, now), compile_pack(source_of(version), changed))
    return found


def _run(
    trial: PackTrial, item: QueueItem, now: datetime, advance: Callable[[int, int], None] | None = None
) -> None:
    """Run it and store the result, unless another worker has taken over. Raises LeaseLost."""
    packs = packs_with(trial.base, trial.changes, now)
    versions = stored_copy().filter(language__in=packs)
    total, added, released = versions.count(), 0, 0
    shown: list[dict[str, Any]] = []
    for done, one in enumerate(differences(versions.iterator(BATCH), packs), 1):
        added, released = added + bool(one.added), released + bool(one.released)
        if (one.added or one.released) and len(shown) < MOST_SHOWN:
            shown.append(one.to_json())
        if done % BATCH == 0:
            _held(trial, item).update(done=done, total=total)
            if advance:
                advance(done, total)
    examples = PackExample.objects.filter(name=trial.base.name).order_by("pk")
    failed = failed_examples(examples.iterator(1000), compiled_draft(trial.base, trial.changes, now))
    result = {
        "total": total,
        "added": added,
        "released": released,
        "shown": shown,
        "examples": examples.count(),
        "failed": [[one.text, one.category, one.severity, one.found] for one in failed[:MOST_SHOWN]],
        "failed_count": len(failed),
    }
    with transaction.atomic():
        _held(trial, item).update(finished_at=now, done=total, total=total, result=result)
        complete([item])


def _finished(key: str, now: datetime) -> PackTrial | None:
    known = PackTrial.objects.filter(content_hash=key, finished_at__gt=now - VALIDITY, result__isnull=False)
    return known.order_by("-pk").first()


def _held(trial: PackTrial, item: QueueItem) -> QuerySet[PackTrial]:
    """The row, as long as this worker holds the item."""
    return PackTrial.objects.filter(Exists(held(item)), pk=trial.pk, finished_at=None)
