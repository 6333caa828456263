"""What a worker does: takes the waiting imports one after another, telling how far it is."""

from __future__ import annotations

from datetime import datetime

from crm.imports import kinds
from crm.imports.loading import load
from crm.imports.loading.batch import Result
from crm.imports.models import COUNTS, ImportRun
from crm.imports.runs import record as runs
from crm.imports.uploads import upload
from crm.runtime.work.jobs import Run, record


def drain(now: datetime) -> int:
    """Take in whatever waits; returns how many imports. Any number of workers may be at it at once."""
    runs.give_up_dead(now)
    done = 0
    while run := runs.claim(now):
        _carry_out(run, now)
        done += 1
    return done


def _carry_out(run: ImportRun, now: datetime) -> None:
    """Take one import in; a failure is on record and goes no further, so that the next one has its turn."""
    try:
        name = "replay rejects" if run.replay_of_id else f"import {run.kind}"
        with record(name[:60], now=now, caller="web") as job, runs.finishing(run, now):
            ImportRun.objects.filter(pk=run.pk).update(job_id=job.id)
            result = _replay(run, now, job) if run.replay_of_id else _load(run, now, job)
            job.detail(**{count: getattr(result, count) for count in COUNTS})
    except Exception:
        return  # told by the records of both, in words without what may be personal
    if run.upload and not run.dry_run and run.state == "done":
        upload.delete_file(run.upload, now=now)


def _load(run: ImportRun, now: datetime, job: Run) -> Result:
    assert run.upload is not None
    with upload.open_upload(run.upload) as file:
        spec = kinds.with_ignored(kinds.get(run.kind), file.header)

        def watch(so_far: Result) -> None:
            _tell(run, job, so_far)
            job.advance(file.done, file.total)

        result = load.load_source(
            file, spec, source=run.source, now=now, run=run, dry_run=run.dry_run, watch=watch
        )
    if run.dry_run:  # what it said was taken back with it
        ImportRun.objects.filter(pk=run.pk).update(
            **{count: getattr(result, count) for count in COUNTS},
            faults=result.faults,
            created=result.created,
            shown=[[one.line, one.field, one.value, *one.reason.stored()] for one in result.rejects],
        )
    return result


def _replay(run: ImportRun, now: datetime, job: Run) -> Result:
    assert run.replay_of is not None
    original = run.replay_of
    total = original.rejects.filter(resolved_at=None).count()

    def watch(so_far: Result) -> None:
        _tell(run, job, so_far)
        job.advance(so_far.read, total)

    return load.retry_rows(original, run, None, now=now, watch=watch)


def _tell(run: ImportRun, job: Run, so_far: Result) -> None:
    """Say how far it is, and stop where somebody asked for it. Raises Cancelled."""
    job.detail(
        **{count: getattr(so_far, count) for count in COUNTS}, took=round(so_far.seconds, 1), run=run.pk
    )
    if ImportRun.objects.filter(pk=run.pk, cancel_asked=True).exists():
        raise runs.Cancelled
