"""The record of an import: begun, held while its process lives, finished, dismissed.

Who works on a run holds an advisory lock of its session, which ends with the process however that dies. A run
that says it is running and whose lock is free has lost its process.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction

from crm.imports.models import ImportRun, ImportState, Reject
from crm.imports.reading.row_errors import RowRejected
from crm.runtime.database.advisory_lock import hold, let_go
from crm.runtime.sql_files import sql_beside
from crm.runtime.work.jobs import describe_error

MOST_ATTEMPTS = 3
_FAIL_LOST = sql_beside(__file__)("fail_lost")
_WORK = "import run"


class Cancelled(Exception):
    """Somebody asked that the import stop."""


def begin(
    kind: str, source: str, filename: str, now: datetime, staff_id: int | None, replay_of: int | None = None
) -> ImportRun:
    """A run that this process works on from now; held before anybody else can see it."""
    with transaction.atomic():
        run = ImportRun.objects.create(
            kind=kind,
            source=source,
            filename=filename[:255],
            started_at=now,
            staff_id=staff_id,
            replay_of_id=replay_of,
        )
        hold(_WORK, run.pk)
    return run


def claim(now: datetime) -> ImportRun | None:
    """The next run that waits for a worker, held and marked as running; None where there is none."""
    with transaction.atomic():
        waiting = ImportRun.objects.filter(state=ImportState.WAITING).order_by("pk")
        run = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if run is None:
            return None
        if run.attempts > 1:  # what was refused before its process died is refused again
            Reject.objects.filter(run=run).delete()
        run.state, run.started_at, run.finished_at = ImportState.RUNNING, now, None
        run.read = run.added = run.updated = run.unchanged = run.rejected = 0
        run.faults = []
        run.save()
        hold(_WORK, run.pk)
    return run


def give_up_dead(now: datetime) -> int:
    """Runs whose process died: those with a file still here wait again, others are lost; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_FAIL_LOST, {"now": now, "attempts": MOST_ATTEMPTS})
        return int(cursor.rowcount)


@contextmanager
def finishing(run: ImportRun | None, now: datetime) -> Iterator[None]:
    """Record how a run ended, whatever ends it, and let go of it. Cancelled goes no further."""
    begun = time.monotonic()
    state, failure, unusable = ImportState.DONE, "", None
    try:
        yield
    except Cancelled:
        state = ImportState.CANCELLED
    except BaseException as error:
        state = ImportState.FAILED
        if isinstance(error, RowRejected):
            failure, unusable = str(error), error.reason.stored()
        else:
            failure = describe_error(error)
        raise
    finally:
        if run:
            run.state, run.failure, run.unusable = state, failure, unusable
            run.seconds = time.monotonic() - begun
            run.finished_at = now + timedelta(seconds=run.seconds)
            fields = [
                "state",
                "finished_at",
                "seconds",
                "failure",
                "unusable",
                "encoding",
                "digest",
                "beginning",
            ]
            try:
                run.save(update_fields=fields)
            finally:
                let_go(_WORK, run.pk)
