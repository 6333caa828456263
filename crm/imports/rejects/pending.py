"""The rows of an import that can be retried as they were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.models import QuerySet

from crm.imports.models import ImportRun, Outcome, Reject
from crm.imports.rejects.store import DAMAGED, SLICE, decrypt_row
from crm.imports.tables.record import Record

Row = tuple[int, Record]  # with the reject's id


def waiting_rows(run: ImportRun, only: Mapping[str, str] | None = None) -> QuerySet[Reject]:
    """The rows of a run that wait: all, those with one reason {"field", "code"}, or {"fix": "any"} those that
    were changed by a bulk fix. Uses index: reject_waiting_by_line, reject_by_reason, reject_changed.
    """
    waiting = Reject.objects.filter(run=run, resolved_at=None)
    if not only:
        return waiting
    return waiting.exclude(fix=None) if "fix" in only else waiting.filter(**only)


def pending_rows(run: ImportRun, only: Mapping[str, str] | None = None) -> tuple[list[str], Iterator[Row]]:
    """(header, (reject id, record)…) of the waiting rejects that can be tried again as they are."""
    header: list[str] = []
    waiting = waiting_rows(run, only)
    for reject in waiting.iterator(SLICE):
        header += [name for name in decrypt_row(reject.row) if name and name not in header]

    def rows() -> Iterator[Row]:
        last = -1  # by slices: a cursor left open would not survive the commits in between
        while found := list(waiting.filter(pk__gt=last).order_by("pk")[:SLICE]):
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
