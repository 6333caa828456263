"""A file sent through the page: looked at, its columns matched, tried, handed to a worker, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.imports import kinds
from crm.imports.errors.file_errors import FileRejected
from crm.imports.kinds import Kind
from crm.imports.models import ImportRun, Upload
from crm.imports.options import ReadingOptions
from crm.imports.options import from_json as options_from_json
from crm.imports.reading import memory
from crm.imports.reading.remembered import find_options
from crm.imports.reading.source import Source
from crm.imports.runs.record import hand_over
from crm.imports.tables.layout import Layout
from crm.imports.uploads import encrypted_files
from crm.imports.vocabulary import headings

SHOWN_COLUMNS = 200  # of a wide file


def create_upload(
    *, file: str, filename: str, size: int, kind: Kind, source: str, staff_id: int, now: datetime
) -> Upload:
    """Look at an encrypted file and note what it is, its columns matched as the last time or by name.

    Raises FileRejected; whatever goes wrong, the file is forgotten then.
    """
    upload = Upload(
        file=file,
        filename=plain_name(filename),
        size=size,
        at=now,
        staff_id=staff_id,
        kind=kind.name,
        source=source,
    )
    try:
        options = find_options(kind, source, lambda options: _open(upload, options, thorough=False), {})
        upload.options, upload.remembered = options.as_json(), options != ReadingOptions()
        _look(upload)
        upload.save()
    except BaseException:
        encrypted_files.remove(file)
        raise
    return upload


def plain_name(text: str) -> str:
    """A file's name without its path, fit for a page."""
    return _said(text.replace("\\", "/").rsplit("/", 1)[-1])[:255] or "?"


def _said(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\u2400" for sign in text)[:120]


def open_upload(upload: Upload, *, thorough: bool = True) -> Source:
    """The content, read as decided. Raises FileRejected, also for a deleted file."""
    return _open(upload, options_from_json(upload.options), thorough=thorough)


def _open(upload: Upload, options: ReadingOptions, *, thorough: bool) -> Source:
    if upload.removed_at:
        raise FileRejected("gone", name=upload.filename)
    stream = encrypted_files.open_file(upload.file, upload.size, upload.filename)
    kind = kinds.get(upload.kind)
    return Source(stream, upload.filename, upload.size, kind, thorough=thorough, options=options)


def _look(upload: Upload) -> None:
    """Note how the table is read. Raises FileRejected."""
    with open_upload(upload, thorough=False) as content:
        content.chunk(1)  # whose first lines may show the encoding
        upload.header, upload.columns = content.headings, content.columns
        upload.delimiter, upload.table_line = content.table.delimiter, content.table.line
        upload.encoding = content.encoding or "utf-8"
        upload.sheets = content.rows.sheets if content.rows else []


def shown_places(columns: Sequence[str]) -> list[int]:
    """The columns of a file that a page shows: all that mean something, and the first of the others."""
    meant = [place for place, name in enumerate(columns) if name]
    others = [place for place, name in enumerate(columns) if not name]
    return sorted([*meant, *others[: max(0, SHOWN_COLUMNS - len(meant))]])


def layout_of(upload: Upload) -> Layout:
    """The columns of an upload without a look at the file."""
    options = options_from_json(upload.options)
    return Layout(kinds.get(upload.kind), upload.header, upload.columns, upload.delimiter, options=options)


def decide(upload: Upload, columns: list[str] | None, decided: Mapping[str, Any], *, now: datetime) -> None:
    """Read the file otherwise, also the next one like this: `columns` are ours by place, `decided` fields of
    ReadingOptions.

    Raises BadColumnMapping, after noting the decision for this file, and FileRejected, storing nothing.
    """
    kind, before = kinds.get(upload.kind), upload.header
    options = options_from_json(upload.options).given(**decided)
    if columns is not None:
        constants = {name: text for name, text in options.constants.items() if name not in columns}
        matched = headings.decisions(kind, upload.header, columns)
        options = options.given(columns=matched, constants=constants)
    upload.options = options.as_json()
    _look(upload)
    rows = upload.trial.get("rows", []) if upload.header == before else []
    upload.trial = {"rows": rows}
    upload.save()
    layout = layout_of(upload)
    if upload.header == before:
        layout.check()
        memory.remember(upload.kind, upload.source, upload.header, options, now=now)


def start(upload: Upload, *, dry_run: bool, staff_id: int, now: datetime) -> ImportRun:
    """Hand the file to a worker. Raises BadColumnMapping; AlreadyOpen while it is being imported."""
    layout_of(upload).check()
    return hand_over(
        ImportRun(
            kind=upload.kind,
            source=upload.source,
            filename=upload.filename,
            encoding=upload.encoding,
            options=upload.options,
            dry_run=dry_run,
            started_at=now,
            staff_id=staff_id,
            upload=upload,
        )
    )


def delete_file(upload: Upload, *, now: datetime) -> bool:
    """Remove the file; False where a worker is at it or waits for it."""
    with transaction.atomic():
        held = Upload.objects.select_for_update().get(pk=upload.pk)
        if held.runs.filter(outcome=None).exists():
            return False
        # What was seen of its first rows goes with it.
        Upload.objects.filter(pk=upload.pk).update(removed_at=now, trial={})
    encrypted_files.remove(upload.file)
    return True


def delete_old_files(*, older_than: float, orphans_older_than: float, now: datetime) -> int:
    """Forget files last written before an instant (seconds since 1970) and at rest; returns how many.

    Orphans are files that no upload refers to: whoever received them was killed.
    """
    files = dict(encrypted_files.list_files())
    known = set(Upload.objects.filter(file__in=files).values_list("file", flat=True))
    old = [
        name
        for name, written in files.items()
        if written < (older_than if name in known else orphans_older_than)
    ]
    open_runs = ImportRun.objects.filter(outcome=None, upload__file__in=old)
    busy = set(open_runs.values_list("upload__file", flat=True))
    gone = [name for name in old if name not in busy]
    for name in gone:
        encrypted_files.remove(name)
    Upload.objects.filter(file__in=gone, removed_at=None).update(removed_at=now, trial={})
    return len(gone)
