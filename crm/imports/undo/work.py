"""Undoing an import, step by step: overwritten rows are restored, then added ones removed.

Each step is one transaction that fences its item, and what is left to do is in the database: killed
anywhere, the next worker goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from crm.imports import kinds
from crm.imports.kinds import Kind
from crm.imports.models import ImportUndo, Outcome, Overwritten, Reject
from crm.imports.undo.survey import survey
from crm.runtime import clock
from crm.runtime.background.jobs import record
from crm.runtime.models import QueueItem
from crm.runtime.queue.finish import complete
from crm.runtime.queue.kinds import Failure
from crm.runtime.queue.lease import fence
from crm.runtime.sql_files import sql_beside

KIND = "import undo"
JOB = "undo import"
ROWS = 5_000  # restored in one step
PAGES = 4_000  # of 8 kB, searched in one step
_SIZE = "SELECT pg_relation_size(%s::regclass) / current_setting('block_size')::int"
_sql = sql_beside(__file__)
_RESTORE, _REMOVE = _sql("restore"), _sql("remove")


def work(items: list[QueueItem], now: datetime) -> None:
    """Undo imports whose undoing was approved."""
    for item in items:
        undo = ImportUndo.objects.select_related("run").get(item=item)
        with record(JOB, now=now, caller="web", item=item) as job:

            def tell(so_far: ImportUndo) -> None:
                job.detail(run=so_far.run_id, restored=so_far.restored, removed=so_far.removed)

            Undoing(undo, item, now).run(tell)


def ended(items: list[QueueItem], why: Failure, now: datetime) -> None:
    """Record that undoing failed; what was restored stays so."""
    failure = why.params.get("error", why.code)
    ImportUndo.objects.filter(item__in=items, finished_at=None).update(failure=failure)


class Undoing:
    """One undo under a claimed item; each step says whether there may be more to do."""

    def __init__(self, undo: ImportUndo, item: QueueItem, now: datetime) -> None:
        self._undo, self._item, self._now = undo, item, now
        self._kind = kinds.get(undo.run.kind)
        assert self._kind.undo is not None
        self._rule = self._kind.undo

    def run(self, tell: Callable[[ImportUndo], None] = lambda _: None) -> None:
        """Take all steps that are left. Raises LeaseLost."""
        while self.restore():
            tell(self._undo)
        while self._rule.removes and self.remove():
            tell(self._undo)
        self.finish()
        tell(self._undo)

    def restore(self) -> bool:
        """Restore the next overwritten rows."""

        def act(cursor: Any) -> bool:
            cursor.execute(
                _RESTORE.format(**_names(self._kind, cursor)),
                {"run": self._undo.run_id, "table": self._kind.table, "rows": ROWS},
            )
            taken, restored, subjects = cursor.fetchone()
            self._settle(cursor, subjects, restored=restored)
            return bool(taken)

        return self._in_one_transaction(act)

    def remove(self) -> bool:
        """Remove the rows that were added, from the next pages of the table."""

        def act(cursor: Any) -> bool:
            first = self._undo.pages
            cursor.execute(_SIZE, [self._kind.table])
            size = cursor.fetchone()[0]
            cursor.execute(
                _REMOVE.format(**_names(self._kind, cursor)),
                {"run": self._undo.run_id, "table": self._kind.table, "first": first, "end": first + PAGES},
            )
            removed, subjects = cursor.fetchone()
            self._settle(cursor, subjects, removed=removed, pages=PAGES)
            return bool(first + PAGES < size)

        return self._in_one_transaction(act)

    def finish(self) -> None:
        """Record that it is done: rejected rows of the import are dismissed, what was kept for it goes."""
        run = self._undo.run
        with transaction.atomic():
            left = survey(run)
            Overwritten.objects.filter(run_id=run.pk).delete()
            Reject.objects.filter(run=run, resolved_at=None).update(
                resolved_at=self._now, outcome=Outcome.DISMISSED
            )
            ImportUndo.objects.filter(pk=self._undo.pk).update(
                finished_at=self._now, stayed=left.later + left.by_hand + left.needed, failure=""
            )
            complete([self._item])
        self._undo.refresh_from_db()

    def _settle(self, cursor: Any, subjects: list[int] | None, **counts: int) -> None:
        if subjects and self._rule.after:
            self._rule.after(cursor, subjects, self._now)
        more = {name: F(name) + count for name, count in counts.items()}
        ImportUndo.objects.filter(pk=self._undo.pk).update(**more)

    def _in_one_transaction(self, act: Callable[[Any], bool]) -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('imports.undoing', 'on', true)")
            clock.set_database_day(self._now)
            more = act(cursor)
            fence(self._item)
        self._undo.refresh_from_db()
        return more


def _names(kind: Kind, cursor: Any) -> dict[str, str]:
    """Parts of the statements: the table's columns, and how its rows are told apart."""
    assert kind.undo is not None
    key = kind.undo.key
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped AND attgenerated = ''",
        [kind.table],
    )
    columns = [name for (name,) in cursor.fetchall() if name not in key]
    return {
        "table": kind.table,
        "same_as_before": " AND ".join(f't."{name}" = before."{name}"' for name in key),
        "same_as_locked": " AND ".join(f't."{name}" = locked."{name}"' for name in key),
        "order": ", ".join(f't."{name}"' for name in key),
        "sets": ", ".join(f'"{name}" = locked."{name}"' for name in columns),
        "key": ", ".join(f't."{name}"' for name in key),
        "subject": f'"{key[0]}"',
    }
