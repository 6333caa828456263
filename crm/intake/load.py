"""Taking a file in: one call for commands and pages."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from crm.intake import kinds, rejects
from crm.intake.batch import Result, Taker
from crm.intake.models import ImportRun, ImportState
from crm.intake.records import Record
from crm.intake.source import Source, Unusable
from crm.runtime.jobs import in_words

CHUNK = 12 << 20  # bytes handed to COPY at once
CAREFUL_CHUNK = 4 << 20  # bytes of a file whose rows are all looked at in this process
BATCH = 10_000  # rows tried again at once

Progress = Callable[[int, int | None], None]


def load(
    kind: str,
    path: Path,
    *,
    source: str = "",
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    staff_id: int | None = None,
) -> Result:
    """Take a CSV file in, batch by batch; a dry run says the same and stores nothing.

    `source` names the system the ids belong to; `progress` is told (bytes done, bytes in all). Killed in the
    middle, it can simply be run again. Raises UnknownKind, or Unusable where nothing of it can be taken.
    """
    spec = kinds.get(kind)
    begun = time.monotonic()
    with Source(path) as file:
        file.check_columns(spec)
        run = None if dry_run else _begin(spec.name, source, path.name, now, staff_id)
        with _finishing(run, now), _nothing_kept(dry_run):
            taker = Taker(spec, file.header, source=source, now=now, run=run)
            taker.prepare()
            while chunk := file.chunk(CAREFUL_CHUNK if spec.personal else CHUNK):
                if rest := taker.chunk(chunk, file.encoding):
                    file.put_back(rest)
                if progress:
                    progress(file.done, file.total)
            if taker.deferred:
                _settle(taker)
            if run:
                run.encoding, run.digest = file.encoding or "utf-8", file.digest
                rejects.supersede(run, now)
    taker.result.seconds = time.monotonic() - begun
    return taker.result


def replay(run_id: int, path: Path | None, *, now: datetime, progress: Progress | None = None) -> Result:
    """Try the waiting rejects of a run again: as they were kept, or as mended in an exported file.

    What is still wrong waits under a new run. Raises ValueError where there is no such run, or the file is
    not an exported one.
    """
    begun = time.monotonic()
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise ValueError(f"there is no import {run_id}")
    spec = kinds.get(run.kind)
    header, rows = rejects.mended_rows(path) if path else rejects.waiting_rows(run)
    unknown = [name for name in header if name not in spec.by_name]
    if unknown:
        raise ValueError(
            f"column {', '.join(map(repr, unknown))} not known; {spec.name} has {', '.join(spec.by_name)}"
        )
    total = run.rejects.filter(mended_at=None).count()
    again = _begin(spec.name, run.source, f"rejects of {run.filename}"[:255], now, run.staff_id)
    whole: AbstractContextManager[object] = (
        transaction.atomic() if spec.defers else nullcontext()
    )  # a deferred row must not be lost in between
    with _finishing(again, now), whole:
        taker = Taker(spec, header, source=run.source, now=now, run=again)
        taker.prepare()
        while part := list(itertools.islice(rows, BATCH)):
            with transaction.atomic():
                taker.records([record for _, record in part], last_chance=not spec.defers)
                rejects.mark_mended(run, [number for number, _ in part], now)
            if progress:
                progress(taker.result.read, total)
        if taker.deferred:
            _settle(taker)
    taker.result.seconds = time.monotonic() - begun
    return taker.result


def _settle(taker: Taker) -> None:
    """Try deferred rows again until a round helps none; the last round names what is wrong with the rest."""
    waiting, last_chance = taker.deferred, False
    for turn in itertools.count(1):
        taker.deferred = 0
        _number_round(turn)
        while records := _next_deferred(taker, turn):
            taker.records(records, last_chance=last_chance, again=True)
        if not taker.deferred:
            return
        last_chance = taker.deferred == waiting
        waiting = taker.deferred


def _number_round(turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_temp.intake_deferred SET round = %s WHERE round IS NULL", [turn])


def _next_deferred(taker: Taker, turn: int) -> list[Record]:
    """The next rows of a round, later lines first: whom a row waits for mostly comes after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pg_temp.intake_deferred WHERE (round, line) IN (SELECT round, line FROM"
            " pg_temp.intake_deferred WHERE round = %s ORDER BY line DESC LIMIT %s) RETURNING line, row",
            [turn, BATCH],
        )
        rows = sorted((line, rejects.unpack(row)) for line, row in cursor.fetchall())
    return [Record(line, [row.get(name, "") for name in taker.header]) for line, row in rows]


def _begin(kind: str, source: str, filename: str, now: datetime, staff_id: int | None) -> ImportRun:
    return ImportRun.objects.create(
        kind=kind, source=source, filename=filename[:255], started_at=now, staff_id=staff_id
    )


@contextmanager
def _finishing(run: ImportRun | None, now: datetime) -> Iterator[None]:
    """Record how a run ended, whatever ends it."""
    fields = ["state", "finished_at", "failure", "encoding", "digest"]
    try:
        yield
    except BaseException as error:
        if run:
            run.state, run.finished_at = ImportState.FAILED, now
            run.failure = str(error) if isinstance(error, Unusable) else in_words(error)
            run.save(update_fields=fields)
        raise
    if run:
        run.state, run.finished_at = ImportState.DONE, now
        run.save(update_fields=fields)


@contextmanager
def _nothing_kept(dry_run: bool) -> Iterator[None]:
    """Everything happens as it would, in one transaction that is taken back."""
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
