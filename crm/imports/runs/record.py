"""The record of an import: handed to a worker or begun here, finished once, told how it ended otherwise."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.imports.errors.row_errors import RowRejected, load_reason
from crm.imports.models import ImportOutcome, ImportRun
from crm.runtime.models import QueueItem, QueueState
from crm.runtime.queue import enqueue
from crm.runtime.queue.drain import attempt
from crm.runtime.queue.finish import complete
from crm.runtime.queue.kinds import CANCELLED, LOST, Explained, Failure
from crm.runtime.queue.lease import fence

KIND = "import"
LABEL = _("imports")
_OUTCOMES = {LOST.code: ImportOutcome.LOST, CANCELLED.code: ImportOutcome.CANCELLED}


class AlreadyOpen(ValueError):
    """The same upload, or the same rejects, are being imported already."""


def hand_over(run: ImportRun) -> ImportRun:
    """Store a new run for a worker. Raises AlreadyOpen.

    A file is read again from its beginning when its worker is lost; rejects are settled one by one, so that
    what is left of them is tried by another run.
    """
    with transaction.atomic():
        tries = 1 if run.replay_of_id else None
        return _store(run, enqueue.enqueue(KIND, key=_key(run), most_attempts=tries))


def begin(run: ImportRun) -> ImportRun:
    """Store a new run that this process works on from now on (see in_this_process). Raises AlreadyOpen."""
    with transaction.atomic():
        return _store(run, enqueue.begin(KIND, key=_key(run)))


def _store(run: ImportRun, item: QueueItem | None) -> ImportRun:
    if item is None:
        raise AlreadyOpen("this is being imported already")
    run.item = item
    run.save(force_insert=True)
    return run


def _key(run: ImportRun) -> str | None:
    """What must not be imported twice at once; a file named on the command line may."""
    if run.replay_of_id:
        return f"rejects {run.replay_of_id}"
    return f"upload {run.upload_id}" if run.upload_id else None


@contextmanager
def in_this_process(run: ImportRun | None, now: datetime) -> Iterator[None]:
    """Hold a run that was begun here while the body does it, and record how that ends."""
    if run is None:
        yield
        return
    assert run.item is not None
    with attempt([run.item], now):
        with finishing(run, now):
            yield
        complete([run.item])


def start(run: ImportRun, now: datetime) -> None:
    """Begin an attempt; what earlier ones counted stands until its first batch. Raises LeaseLost."""
    assert run.item is not None
    with transaction.atomic():
        run.started_at = now
        run.save(update_fields=["started_at"])
        fence(run.item)


@contextmanager
def finishing(run: ImportRun, now: datetime) -> Iterator[None]:
    """Record that a run is done when the body is. Raises LeaseLost."""
    assert run.item is not None
    begun = time.monotonic()
    yield
    run.seconds = time.monotonic() - begun
    run.outcome, run.finished_at = ImportOutcome.DONE, now + timedelta(seconds=run.seconds)
    with transaction.atomic():
        run.save(update_fields=["outcome", "finished_at", "seconds", "encoding", "digest", "beginning"])
        fence(run.item)


def ended(items: list[QueueItem], why: Failure, now: datetime) -> None:
    """Record that runs ended undone; what is done and only left its file behind stays done."""
    by_item: dict[int | None, QueueItem] = {item.pk: item for item in items}
    runs = list(ImportRun.objects.filter(item__in=items, outcome=None))
    for run in runs:
        run.outcome, run.finished_at = _OUTCOMES.get(why.code, ImportOutcome.FAILED), max(now, run.started_at)
        if why.code != LOST.code and by_item[run.item_id].state == QueueState.RUNNING:
            run.seconds = (run.finished_at - run.started_at).total_seconds()
        if why.code == "error":
            run.failure = why.params["error"]
        elif run.outcome == ImportOutcome.FAILED:
            run.unusable = [why.code, dict(why.params)]
            run.failure = load_reason(*run.unusable).english
    ImportRun.objects.bulk_update(runs, ["outcome", "finished_at", "seconds", "failure", "unusable"])


def explain(error: BaseException) -> Explained | None:
    """The published reason why nothing of a file could be taken."""
    if not isinstance(error, RowRejected):
        return None
    code, params = error.reason.stored()
    return code, params
