"""The rows of an import that can be retried: as they were kept, or as somebody has fixed them."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

from crm.imports.models import ImportRun, Outcome
from crm.imports.reading.records import Record
from crm.imports.rejects.store import DAMAGED, NOTES, SLICE, decrypt_row
from crm.web.downloads.csv import unguard

Row = tuple[int, Record]  # with the reject's id


def pending_rows(run: ImportRun) -> tuple[list[str], Iterator[Row]]:
    """(header, (reject id, record)…) of the waiting rejects that can be tried again as they are."""
    header: list[str] = []
    for reject in run.rejects.filter(resolved_at=None).iterator(SLICE):
        header += [name for name in decrypt_row(reject.row) if name and name not in header]

    def rows() -> Iterator[Row]:
        last = -1  # by slices: a cursor left open would not survive the commits in between
        while found := list(run.rejects.filter(resolved_at=None, pk__gt=last).order_by("pk")[:SLICE]):
            last = found[-1].pk
            for reject in found:
                row = decrypt_row(reject.row)
                if DAMAGED not in row:
                    yield reject.pk, Record(reject.line, [row.get(name, "") for name in header])

    return header, rows()


def what_waits(run_id: int) -> str:
    """In words, what is left to fix of an import, or where its rejects went; empty where all is done."""
    run = ImportRun.objects.get(pk=run_id)
    if waiting := run.rejects.filter(resolved_at=None).count():
        return (
            f"{waiting:,} rejects of import {run_id} wait on: they could not be split or decoded and must be"
            f" fixed first (manage.py export_rejects {run_id} FILE)."
        )
    if run.rejects.filter(outcome=Outcome.SUPERSEDED).exists():
        same = ImportRun.objects.filter(kind=run.kind, source=run.source, digest=run.digest, pk__gt=run_id)
        later = same.exclude(digest="").order_by("-pk").first()
        return f"The same file came in again: its rejects wait under import {later.pk}." if later else ""
    return ""


def fixed_columns(path: Path) -> list[str]:
    """The columns of an exported file. Raises ValueError where it is not such a file."""
    try:
        with path.open(encoding=_encoding(path), newline="") as file:
            header = [unguard(name) for name in next(csv.reader(file), [])]
    except OSError as error:
        raise ValueError(f"{path}: cannot be read ({error.strerror})") from error
    if "reject" not in header:
        raise ValueError(f"{path.name}: not an exported reject file (it has no column 'reject')")
    return [name for name in header if name not in NOTES]


def fixed_rows(run: ImportRun, path: Path) -> tuple[list[str], Iterator[Row]]:
    """As pending_rows(), from an exported file that somebody has fixed; lines are that file's.

    A row that could not be split or decoded is left out where nobody has fixed it: its values are as they
    were kept, or some still stand in the column of what was too much. Raises ValueError where the file is
    no export.
    """
    columns = fixed_columns(path)

    def rows() -> Iterator[Row]:
        written = _written(path, columns)
        while part := list(itertools.islice(written, SLICE)):
            kept = run.rejects.filter(pk__in=[number for number, _, _ in part]).values_list("pk", "row")
            damaged = {number: row for number, sealed in kept if DAMAGED in (row := decrypt_row(sealed))}
            for number, record, surplus in part:
                as_kept = [damaged[number].get(name, "") for name in columns] if number in damaged else None
                if as_kept is None or not (surplus or record.fields == as_kept):
                    yield number, record

    return columns, rows()


def _written(path: Path, columns: list[str]) -> Iterator[tuple[int, Record, str]]:
    """(reject id, record, what stands in the column of surplus fields) of each row."""
    seen: set[str] = set()
    with path.open(encoding=_encoding(path), newline="") as file:
        reader = csv.DictReader(file, restval="")
        reader.fieldnames = [unguard(name) for name in reader.fieldnames or ()]
        for row in reader:
            if not any(row.values()):
                continue
            if row["reject"] in seen or not row["reject"].isdigit():
                raise ValueError(f"{path.name}, line {reader.line_num}: column 'reject' must stay as it was")
            seen.add(row["reject"])
            record = Record(reader.line_num, [unguard(row[name]) for name in columns])
            yield int(row["reject"]), record, row.get("reject_surplus", "").strip()


def _encoding(path: Path) -> str:
    """UTF-8, or what a Chinese spreadsheet saves instead."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for _ in file:
                pass
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"
