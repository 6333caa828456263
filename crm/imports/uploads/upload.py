"""A file sent through the page: looked at, its columns matched, tried, handed to a worker, forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from crm.imports import headings, kinds
from crm.imports.kinds import IGNORED, Kind
from crm.imports.models import ImportRun, Upload
from crm.imports.reading import memory
from crm.imports.reading.file_errors import FileRejected
from crm.imports.reading.options import ReadingOptions
from crm.imports.reading.options import from_json as options_from_json
from crm.imports.reading.source import Source
from crm.imports.runs.record import hand_over
from crm.imports.uploads import encrypted_files
from crm.staff.privacy.personal import looks_personal


class BadColumnMapping(ValueError):
    """The columns cannot be matched so: `missing` required ones, `twice` those that two headings claim."""

    def __init__(self, missing: list[str], twice: list[str]) -> None:
        super().__init__(f"missing {missing}, twice {twice}")
        self.missing, self.twice = missing, twice


def create_upload(
    *, file: str, filename: str, size: int, kind: Kind, source: str, staff_id: int, now: datetime
) -> Upload:
    """Look at an encrypted file and note what it is, its columns matched as the last time or by name.

    Raises FileRejected; whatever goes wrong, the file is forgotten then.
    """
    upload = Upload(
        file=file,
        filename=_name(filename),
        size=size,
        at=now,
        staff_id=staff_id,
        kind=kind.name,
        source=source,
    )
    try:
        with open_upload(upload, thorough=False) as content:
            upload.header, upload.delimiter = [_said(name) for name in content.headings], content.delimiter
            if any(looks_personal(name, names=False) for name in content.headings):
                raise FileRejected("no_names", name=upload.filename)
            content.chunk(1)  # whose first lines may show the encoding
            upload.encoding = content.encoding or "utf-8"
        upload.columns, options = _match(kind, source, upload.header)
        upload.remembered, upload.options = options is not None, (options or ReadingOptions()).as_json()
        upload.save()
    except BaseException:
        encrypted_files.remove(file)
        raise
    return upload


def _name(text: str) -> str:
    """A file's name without its path, fit for a page."""
    return _said(text.replace("\\", "/").rsplit("/", 1)[-1])[:255] or "?"


def _said(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\u2400" for sign in text)[:120]


def open_upload(upload: Upload, *, thorough: bool = True) -> Source:
    """The content, its columns named as they are matched. Raises FileRejected, also for a deleted file."""
    if upload.removed_at:
        raise FileRejected("gone", name=upload.filename)
    stream = encrypted_files.open_file(upload.file, upload.size, upload.filename)
    options = options_from_json(upload.options)
    source = Source(stream, upload.filename, upload.size, thorough=thorough, options=options)
    if upload.columns:
        source.header = header_of(upload.columns)
    return source


def header_of(columns: Sequence[str]) -> list[str]:
    """The columns with a name for each that is passed over."""
    return [name or f"{IGNORED}{place}" for place, name in enumerate(columns, 1)]


def _match(kind: Kind, source: str, header: list[str]) -> tuple[list[str], ReadingOptions | None]:
    """(our column for each heading, the decisions on the last file like this)."""
    options = memory.recall(kind.name, source, header)
    if options is None:
        return headings.guess_columns(kind, header), None
    return [options.columns.get(heading, "") for heading in headings.unique_names(header)], options


def map_columns(
    upload: Upload, columns: list[str], *, now: datetime, decided: Mapping[str, Any] | None = None
) -> None:
    """Match the columns again and keep what was decided beside, also for the next file like this.

    Raises BadColumnMapping, storing nothing.
    """
    kind = kinds.get(upload.kind)
    check_mapping(kind, columns)
    matched = dict(zip(headings.unique_names(upload.header), columns, strict=True))
    options = options_from_json(upload.options).given(columns=matched, **(decided or {}))
    upload.columns, upload.options, upload.trial = columns, options.as_json(), {}
    with transaction.atomic():
        upload.save(update_fields=["columns", "options", "trial"])
        memory.remember(upload.kind, upload.source, upload.header, options, now=now)


def check_mapping(kind: Kind, columns: Sequence[str]) -> None:
    """Raises BadColumnMapping unless every required column is there and none twice."""
    named = [name for name in columns if name]
    missing = [column.name for column in kind.columns if column.required and column.name not in named]
    twice = sorted({name for name in named if named.count(name) > 1})
    if missing or twice:
        raise BadColumnMapping(missing, twice)


def start(upload: Upload, *, dry_run: bool, staff_id: int, now: datetime) -> ImportRun:
    """Hand the file to a worker. Raises BadColumnMapping; AlreadyOpen while it is being imported."""
    check_mapping(kinds.get(upload.kind), upload.columns)
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
