"""The rows of an import that can be retried as they were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Left:
    """What is left of an import after a retry: rows that must be fixed first, or the later import (None: no
    other) of the same file under which its rejected rows are pending."""

    run_id: int
    to_fix: int = 0
    later: int | None = None


def left_to_fix(run_id: int) -> Left:
    """What is still to be done about the rejected rows of an import."""
    run = ImportRun.objects.get(pk=run_id)
    if waiting := run.rejects.filter(resolved_at=None).count():
        return Left(run_id, waiting)
    if not run.rejects.filter(outcome=Outcome.SUPERSEDED).exists():
        return Left(run_id)
    same = ImportRun.objects.filter(kind=run.kind, source=run.source, digest=run.digest, pk__gt=run_id)
    return Left(run_id, later=same.exclude(digest="").order_by("-pk").values_list("pk", flat=True).first())
