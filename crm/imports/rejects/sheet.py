"""Rejected rows as a table, to be fixed in a spreadsheet and sent back in any form that the import reads."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from crm.imports import kinds
from crm.imports.errors.file_errors import FileRejected
from crm.imports.kinds import Kind
from crm.imports.models import ImportRun, Reject
from crm.imports.options import ReadingOptions
from crm.imports.reading.records import Reader
from crm.imports.reading.source import Source
from crm.imports.rejects.pending import Row
from crm.imports.rejects.store import DAMAGED, SLICE, decrypt_row, mask_value
from crm.imports.tables.record import Record
from crm.imports.vocabulary import headings
from crm.staff.privacy import export_log
from crm.staff.privacy.personal import shape
from crm.web.downloads import csv, workbook

CHUNK = 1 << 20
EXPORTED_MASKED, EXPORTED_PLAIN = "rejects masked", "rejects in plain"  # in the log of exports
# The columns before those of the row: by these names, or as the pages call them.
HOW_READ = ReadingOptions(table_line=1)  # as it left
NOTES = {
    "reject": gettext_noop("Reject number"),
    "reject_line": gettext_noop("Line"),
    "reject_field": gettext_noop("Column"),
    "reject_why": gettext_noop("Reason"),
    "reject_surplus": gettext_noop("Surplus values"),
}


def rows_to_fix(run: ImportRun, *, masked: bool) -> Iterator[Sequence[object]]:
    """The waiting rows, headings first: notes, then the row's own columns.

    `masked`: values as anybody may see them and headings as the reader calls them, for the page; a masked
    value that comes back unchanged means the kept one. Otherwise in plain, by our names.
    """
    kind = kinds.get(run.kind)
    header = columns_of(run)
    if masked:
        yield [*map(gettext, NOTES.values()), *(headings.label(kind, name) for name in header)]
    else:
        yield [*NOTES, *header]
    for reject in _waiting(run):
        row = decrypt_row(reject.row)
        surplus = row.get(DAMAGED) or []
        values = [row.get(name, "") for name in header]
        why = "; ".join(_reasons(kind, reject, masked=masked))
        if masked:
            surplus = [shape(value) for value in surplus]
            values = [
                mask_value(kind, name, value.strip()) for name, value in zip(header, values, strict=True)
            ]
        told = json.dumps(surplus, ensure_ascii=False) if surplus else ""
        yield [reject.pk, reject.line, reject.field, why, told, *values]


def _reasons(kind: Kind, reject: Reject, *, masked: bool) -> Iterator[str]:
    """Everything that is wrong with a row, each but the first with its column."""
    for name, reason in reject.reasons.items():
        why = reason.said() if masked else reason.english
        label = headings.label(kind, name) if masked and name else name
        yield why if name == reject.field else f"{label}: {why}"


def columns_of(run: ImportRun) -> list[str]:
    """The columns of the waiting rows, each once."""
    header: dict[str, None] = {}
    for reject in _waiting(run):
        header |= dict.fromkeys(name for name in decrypt_row(reject.row) if name)
    return list(header)


def _waiting(run: ImportRun) -> Iterator[Reject]:
    return run.rejects.filter(resolved_at=None).order_by("line", "pk").iterator(SLICE)


def export(run: ImportRun, path: Path, *, now: datetime) -> int:
    """Write the waiting rejects of a run as CSV or .xlsx, readable by its owner only; returns how many.

    The file holds personal data in plain: this is called on explicit demand. Whoever fixes it opens it in a
    spreadsheet, so it is guarded like any other; reading it back takes the guard off. Raises FileExistsError.
    """
    count = -1  # the headings

    def rows() -> Iterator[Sequence[object]]:
        nonlocal count
        for row in rows_to_fix(run, masked=False):
            count += 1
            yield row

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            begun = export_log.begin(
                EXPORTED_PLAIN, staff=None, now=now, query={"import": str(run.pk)}, columns=columns_of(run)
            )
            if path.suffix.lower() == ".xlsx":
                workbook.write(file, rows())
            else:
                file.writelines(csv.encode(rows()))
    except BaseException:  # the disk is full, somebody stopped it: half of it would be taken for all
        path.unlink(missing_ok=True)
        raise
    export_log.finish(begun, count)
    return count


@dataclass(frozen=True)
class _SentBack:
    """One row of a file that was sent back."""

    reject: int
    record: Record
    surplus: str


def check_header(run: ImportRun, file: Source) -> list[str]:
    """The columns of a file that was sent back, notes included. Raises FileRejected where it is none."""
    kind = kinds.get(run.kind)
    names = _names(kind)
    header = [names.get(text := csv.unguard(name.strip()), text) for name in file.headings]
    if "reject" not in header:
        raise FileRejected("not_rejects", name=file.name)
    unknown = [name for name in header if name not in NOTES and not kind.has(name)]
    if unknown:
        told = {"name": file.name, "kind": kind.name, "known": ", ".join(kind.by_name)}
        raise FileRejected("columns_unknown", columns=", ".join(map(repr, unknown)), **told)
    if len(set(header)) < len(header):
        double = sorted({name for name in header if header.count(name) > 1})
        told = {"name": file.name, "kind": kind.name, "known": ", ".join(kind.by_name)}
        raise FileRejected("columns_twice", columns=", ".join(map(repr, double)), **told)
    return header


def _names(kind: Kind) -> dict[str, str]:
    """Our name for each heading of the page, in every language."""
    found = headings.labels(kind)
    for language, _ in settings.LANGUAGES:
        with override(language):
            found |= {gettext(label): name for name, label in NOTES.items()}
    return found


def fixed_rows(run: ImportRun, file: Source) -> tuple[list[str], Iterator[Row]]:
    """As pending_rows(), from a file that somebody has fixed and sent back; lines are that file's.

    A masked value that is as it was means the kept one. A row that could not be split or decoded is left out
    where nobody has fixed it: its values are as they were kept, or some still stand in the column of what was
    too much. Raises FileRejected where the file is no export, at once or while it is read.
    """
    header = check_header(run, file)
    columns = [name for name in header if name not in NOTES]
    kind = kinds.get(run.kind)

    def rows() -> Iterator[Row]:
        sent = _sent_back(file, header, columns)
        while part := list(islice(sent, SLICE)):
            sealed = run.rejects.filter(pk__in=[one.reject for one in part]).values_list("pk", "row")
            kept = {number: decrypt_row(row) for number, row in sealed}
            for one in part:
                row = kept.get(one.reject, {})
                fields = [
                    _unmasked(kind, name, text, row.get(name, ""))
                    for name, text in zip(columns, one.record.fields, strict=True)
                ]
                untouched = one.surplus or fields == [row.get(name, "") for name in columns]
                if not (DAMAGED in row and untouched):
                    yield one.reject, one.record._replace(fields=fields)

    return columns, rows()


def _unmasked(kind: Kind, name: str, text: str, kept: Any) -> str:
    shown = mask_value(kind, name, kept.strip()) if kept else ""
    return kept if kept and text in (kept, csv.guard(kept), shown, csv.guard(shown)) else csv.unguard(text)


def _sent_back(file: Source, header: list[str], columns: list[str]) -> Iterator[_SentBack]:
    seen: set[int] = set()
    for record in _records(file):
        cells = dict(zip(header, [*record.fields, *[""] * len(header)], strict=False))
        if not any(cells.values()):
            continue
        if record.why and record.why.code != "field_count":
            raise FileRejected("unreadable", name=f"{file.name}:{record.line}", why=record.why.english)
        number = _number(cells["reject"])
        if number in seen or not number:
            raise FileRejected("reject_number", name=file.name, line=record.line)
        seen.add(number)
        fields = [cells[name] for name in columns]
        yield _SentBack(number, Record(record.line, fields), cells.get("reject_surplus", "").strip())


def _number(text: str) -> int:
    """A reject's number, as a spreadsheet may write it back (12, 12.0); 0 where it is none."""
    with suppress(ValueError):
        return int(text.strip().removesuffix(".0"))
    return 0


def _records(file: Source) -> Iterator[Record]:
    while chunk := file.chunk(CHUNK):
        reader = Reader(chunk, file.layout)
        yield from reader
        if reader.rest:
            file.put_back(reader.rest)
