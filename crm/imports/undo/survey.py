"""What undoing an import would take back, and what it would leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import OperationalError, connection, transaction

from crm.imports import kinds
from crm.imports.models import ImportRun, Overwritten
from crm.runtime.sql_files import sql_beside

UNDO_FOR = timedelta(days=30)  # after its start, an import can be undone: as long overwritten rows are kept
_PATIENCE = "2s"  # for counting added rows; of larger tables the import's own count is told
_SURVEY = sql_beside(__file__)("survey")


class Refusal(StrEnum):
    """Why an import cannot be undone; crm.imports.undo.sentences words each."""

    KIND = "undo_kind"  # other rows and append-only records build on what it brings
    TOO_OLD = "undo_too_old"
    OPEN = "undo_open"
    DRY_RUN = "undo_dry_run"
    UNDONE = "undo_done"
    NOTHING = "undo_nothing"
    CHANGED = "undo_changed"  # other counts than those that were approved


@dataclass(frozen=True)
class Survey:
    """Rows that an undo would restore and remove; those that stay: changed by later imports, by hand, or
    added and needed by others. `exact`: whether the rows to be removed were counted one by one.
    """

    restores: int
    removes: int
    later: int
    by_hand: int
    needed: int
    exact: bool = True

    def as_json(self) -> dict[str, Any]:
        """For a request; from_json() reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Survey:
        """As it was stored."""
        return cls(**stored)


def why_not(run: ImportRun, now: datetime) -> Refusal | None:
    """Why a run cannot be undone, whatever its rows; None where it can."""
    if run.dry_run:
        return Refusal.DRY_RUN
    if run.is_open or run.outcome is None:
        return Refusal.OPEN
    if hasattr(run, "undo") and not run.undo.failure:
        return Refusal.UNDONE
    if kinds.get(run.kind).undo is None:
        return Refusal.KIND
    return Refusal.TOO_OLD if run.started_at <= now - UNDO_FOR else None


def survey(run: ImportRun) -> Survey:
    """What an undo would do now; call it where why_not() has nothing against it. Three queries."""
    kind = kinds.get(run.kind)
    assert kind.undo is not None
    with connection.cursor() as cursor:
        cursor.execute(_SURVEY, {"run": run.pk, "table": kind.table})
        restores, later, by_hand = cursor.fetchone()
    still, exact = _count_rows(run, kind.table)
    if not exact:
        still = max(0, run.added + run.updated - later)
    added = max(0, still - restores - by_hand)
    removes = added if kind.undo.removes else 0
    return Survey(restores, removes, later, by_hand, added - removes, exact)


def _count_rows(run: ImportRun, table: str) -> tuple[int, bool]:
    """(rows that the run brought last, whether there was time to count them)."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [_PATIENCE])
            cursor.execute(f"SELECT count(*) FROM {table} WHERE import_id = %s", [run.pk])  # noqa: S608  # own names
            count: int = cursor.fetchone()[0]
            transaction.set_rollback(True)  # the limit ends with this, also within another transaction
            return count, True
    except OperationalError:
        return 0, False


def delete_old(now: datetime) -> int:
    """Delete the rows kept for imports that are too old to be undone; returns how many."""
    old = ImportRun.objects.filter(started_at__lte=now - UNDO_FOR)
    return Overwritten.objects.filter(run_id__in=old.values("pk")).delete()[0]
