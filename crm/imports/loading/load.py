"""Import a file: one call for commands and pages."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from crm.imports import kinds
from crm.imports.errors.file_errors import SOURCE, FileRejected
from crm.imports.loading.batch import BatchLoader
from crm.imports.loading.prefetch import prefetch_parts
from crm.imports.loading.result import Result
from crm.imports.models import ImportRun
from crm.imports.options import from_json as options_from_json
from crm.imports.reading import memory
from crm.imports.reading.remembered import open_remembered
from crm.imports.reading.sentences import unused
from crm.imports.reading.source import Source, open_source
from crm.imports.rejects import store as rejects
from crm.imports.rejects.pending import pending_rows
from crm.imports.rejects.sheet import HOW_READ, check_header, fixed_rows
from crm.imports.runs import record as runs
from crm.imports.tables.record import Record

CHUNK = 12 << 20  # bytes handed to COPY at once
CAREFUL_CHUNK = 4 << 20  # bytes of a file whose rows are all looked at in this process
BATCH = 10_000  # rows tried again at once

Progress = Callable[[int, int | None], None]
Watch = Callable[[Result], None]


class NoSuchImport(ValueError):
    """No import has this number."""

    def __init__(self, run_id: int) -> None:
        super().__init__(f"import {run_id} does not exist")
        self.run_id = run_id


def import_file(
    kind: str,
    path: Path,
    *,
    source: str = "",
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
    staff_id: int | None = None,
    decided: Mapping[str, Any] | None = None,
    tell: Callable[[Source], None] | None = None,
) -> Result:
    """Import a CSV file, batch by batch; a dry run says the same and stores nothing.

    `source` names the system the ids belong to; `progress` is told (bytes done, bytes in all); `decided` are
    fields of ReadingOptions, remembered for the source; `tell` is told how the file is read before anything
    is stored. Killed in the middle, it can simply be run again. Raises UnknownKind and FileRejected.
    """
    spec = kinds.get(kind)
    if not SOURCE.fullmatch(source):
        raise FileRejected("bad_source", source=repr(source[:60]))
    with open_remembered(spec, source, path, decided or {}) as file:
        file.check_columns((decided or {}).get("columns", {}))
        if tell:
            tell(file)
        run = None
        if not dry_run:
            if decided:
                memory.remember(spec.name, source, file.headings, file.options, now=now)
            about = {"kind": spec.name, "source": source, "filename": path.name[:255], "staff_id": staff_id}
            run = runs.begin(ImportRun(started_at=now, options=file.options.as_json(), **about))

        def watch(so_far: Result) -> None:
            if progress:
                progress(file.done, file.total)

        with runs.in_this_process(run, now):
            return load_source(file, source=source, now=now, run=run, dry_run=dry_run, watch=watch)


def load_source(
    file: Source,
    *,
    source: str,
    now: datetime,
    run: ImportRun | None,
    dry_run: bool,
    watch: Watch,
) -> Result:
    """Import an opened file, under a run that the caller finishes.

    `watch` is told after each batch and may raise. A dry run takes all of it back, its rejects too.
    Raises FileRejected.
    """
    begun = time.monotonic()
    if run:  # before a dry run's transaction, which would hold the row until it ends
        run.beginning = file.beginning
        ImportRun.objects.filter(pk=run.pk).update(beginning=run.beginning)
    with _rolled_back(dry_run):
        kept_under = None if dry_run else run
        loader = BatchLoader(
            file.kind, file.layout.header, source=source, now=now, run=kept_under, options=file.options
        )
        loader.prepare()
        for _ in _load_pieces(loader, file):
            loader.result.seconds = time.monotonic() - begun
            watch(loader.result)
        if loader.deferred:
            _retry_deferred(loader)
        if run:
            run.encoding, run.digest = file.encoding or "utf-8", file.digest
            if not dry_run:
                rejects.supersede(run, now)
    loader.result.seconds = time.monotonic() - begun
    loader.result.unused = unused(file.layout)
    return loader.result


def _load_pieces(loader: BatchLoader, file: Source) -> Iterator[None]:
    """Take the file piece by piece; personal ones are made ready ahead."""
    if file.kind.personal or not file.layout.is_plain:
        for part in prefetch_parts(file, CAREFUL_CHUNK):
            loader.part(part)
            yield
        return
    while chunk := file.chunk(CHUNK):
        if rest := loader.chunk(chunk, file.layout):
            file.put_back(rest)
        yield


def retry_rejects(
    run_id: int, path: Path | None, *, now: datetime, progress: Progress | None = None
) -> Result:
    """Try the waiting rejects of a run again: as they were kept, or as fixed in an exported file.

    What is still wrong waits under a new run. Raises NoSuchImport, or ValueError where it is tried again
    already, or the file is not an exported one.
    """
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        raise NoSuchImport(run_id)
    with open_source(path, kinds.get(run.kind), HOW_READ) if path else nullcontext() as file:
        return _retry(run, file, now=now, progress=progress)


def _retry(run: ImportRun, file: Source | None, *, now: datetime, progress: Progress | None) -> Result:
    if file:
        check_header(run, file)
    filename = f"rejects of {run.filename}"
    again = runs.begin(
        ImportRun(
            kind=run.kind,
            source=run.source,
            filename=filename[:255],
            started_at=now,
            options=run.options,
            staff_id=run.staff_id,
            replay_of=run,
        )
    )
    total = run.rejects.filter(resolved_at=None).count()

    def watch(so_far: Result) -> None:
        if progress:
            progress(so_far.read, total)

    with runs.in_this_process(again, now):
        return retry_rows(run, again, file, now=now, watch=watch)


def retry_rows(
    run: ImportRun, again: ImportRun, file: Source | None, *, now: datetime, watch: Watch
) -> Result:
    """Try the waiting rejects of `run`, as fixed in a file or as kept, under `again`, which the caller
    finishes; `watch` may raise.
    """
    begun = time.monotonic()
    header, rows = fixed_rows(run, file) if file else pending_rows(run, again.only)
    spec = kinds.get(run.kind)
    whole: AbstractContextManager[object] = (
        transaction.atomic() if spec.defers else nullcontext()
    )  # a deferred row must not be lost in between
    with whole:
        options = options_from_json(run.options)
        loader = BatchLoader(spec, header, source=run.source, now=now, run=again, options=options)
        loader.prepare()
        while part := list(itertools.islice(rows, BATCH)):
            with transaction.atomic():
                loader.records([record for _, record in part], last_chance=not spec.defers)
                rejects.mark_retried(run, [number for number, _ in part], now)
            loader.result.seconds = time.monotonic() - begun
            watch(loader.result)
        if loader.deferred:
            _retry_deferred(loader)
        taken = loader.result.read - loader.result.rejected
        ImportRun.objects.filter(pk=run.pk).update(fixed=F("fixed") + taken)
    loader.result.seconds = time.monotonic() - begun
    return loader.result


def _retry_deferred(loader: BatchLoader) -> None:
    """Try deferred rows again until a round helps none; the last round names what is wrong with the rest."""
    waiting, last_chance = loader.deferred, False
    for turn in itertools.count(1):
        loader.deferred = 0
        _number_round(turn)
        while records := _next_deferred(loader, turn):
            loader.records(records, last_chance=last_chance, again=True)
        if not loader.deferred:
            return
        last_chance = loader.deferred == waiting
        waiting = loader.deferred


def _number_round(turn: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pg_temp.imports_deferred SET round = %s WHERE round IS NULL", [turn])


def _next_deferred(loader: BatchLoader, turn: int) -> list[Record]:
    """The next rows of a round, later lines first: whom a row waits for mostly comes after it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pg_temp.imports_deferred WHERE (round, line) IN (SELECT round, line FROM"
            " pg_temp.imports_deferred WHERE round = %s ORDER BY line DESC LIMIT %s) RETURNING line, row",
            [turn, BATCH],
        )
        rows = sorted((line, rejects.decrypt_row(row)) for line, row in cursor.fetchall())
    return [Record(line, [row.get(name, "") for name in loader.header]) for line, row in rows]


@contextmanager
def _rolled_back(dry_run: bool) -> Iterator[None]:
    """Everything happens as it would, in one transaction that is taken back."""
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
