"""What a worker does with an import that it claimed, telling how far it is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.imports.loading import load
from crm.imports.loading.result import Result
from crm.imports.models import COUNTS, ImportOutcome, ImportRun
from crm.imports.rejects.pending import waiting_rows
from crm.imports.runs import record as runs
from crm.imports.uploads import upload
from crm.runtime.background.jobs import Run, record
from crm.runtime.models import QueueItem
from crm.runtime.queue.finish import complete
from crm.runtime.queue.lease import fence, stop_if_asked


def work(items: list[QueueItem], now: datetime) -> None:
    """Take imports in. The file of one that is done belongs to its item, which ends when the file is gone."""
    for item in items:
        run = ImportRun.objects.select_related("upload", "replay_of").get(item=item)
        run.item = item
        if run.is_open:
            _import(run, item, now)
        if run.upload and not run.dry_run and run.outcome == ImportOutcome.DONE:
            upload.delete_file(run.upload, now=now)
        complete([item])


def _import(run: ImportRun, item: QueueItem, now: datetime) -> None:
    name = "replay rejects" if run.replay_of_id else f"import {run.kind}"
    with record(name[:60], now=now, caller="web", item=item) as job:
        runs.start(run, now)
        with runs.finishing(run, now):
            result = _replay(run, now, job) if run.replay_of_id else _load(run, now, job)
        job.detail(**{count: getattr(result, count) for count in COUNTS})


def _load(run: ImportRun, now: datetime, job: Run) -> Result:
    assert run.upload is not None
    with upload.open_upload(run.upload) as file:

        def watch(so_far: Result) -> None:
            _tell(run, job, so_far)
            job.advance(file.done, file.total)

        result = load.load_source(file, source=run.source, now=now, run=run, dry_run=run.dry_run, watch=watch)
    if run.dry_run:  # what it said was taken back with it
        _keep(run, result)
    return result


def _keep(run: ImportRun, result: Result) -> None:
    assert run.item is not None
    with transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(
            **{count: getattr(result, count) for count in COUNTS},
            faults=result.faults,
            skipped=result.skipped.found,
            created=result.created,
            words=result.words,
            cleared=result.cleared,
            shown=[[one.line, one.field, one.value, *one.reason.stored()] for one in result.rejects],
        )
        fence(run.item)


def _replay(run: ImportRun, now: datetime, job: Run) -> Result:
    assert run.replay_of is not None
    original = run.replay_of
    total = waiting_rows(original, run.only).count()

    def watch(so_far: Result) -> None:
        _tell(run, job, so_far)
        job.advance(so_far.read, total)

    if run.upload is None:
        return load.retry_rows(original, run, None, now=now, watch=watch)
    with upload.open_upload(run.upload) as file:
        return load.retry_rows(original, run, file, now=now, watch=watch)


def _tell(run: ImportRun, job: Run, so_far: Result) -> None:
    """Say how far it is, and stop where somebody asked for it. Raises Cancelled, or LeaseLost."""
    job.detail(
        **{count: getattr(so_far, count) for count in COUNTS}, took=round(so_far.seconds, 1), run=run.pk
    )
    assert run.item is not None
    stop_if_asked(run.item)
