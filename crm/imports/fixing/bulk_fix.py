"""One fix for many rows that were rejected for the same reason: the same value becomes the same new value.

A fix changes the kept rows, which wait on until they are tried again; until then it can be undone as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import F

from crm.imports import kinds
from crm.imports.errors.row_errors import Reason
from crm.imports.kinds import Kind
from crm.imports.loading.batch import BatchLoader
from crm.imports.models import BulkFix, ImportRun, Reject
from crm.imports.options import from_json as options_from_json
from crm.imports.rejects.pending import waiting_rows
from crm.imports.rejects.store import DAMAGED, SLICE, decrypt_row, encrypt_row, mask_value
from crm.imports.tables.record import Record
from crm.imports.uploads.findings import is_hidden
from crm.runtime.secrets.crypto import blind_index

MOST = 20_000  # rows looked at and changed at once
VALUES = 50  # shown, the most frequent first
EXAMPLES = 3  # lines named of each value
TRIED = 200  # rows tried for the preview


@dataclass
class Group:
    """Rows with the same value in the column at fault; `shown` is it as anybody may see it.

    `key` stands for the value in forms, and says nothing of it.
    """

    key: str
    shown: str
    rows: int = 0
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Tried:
    """What a fix would do: of the first rows, how many go in, and why others stay, by (column, reason)."""

    tried: int
    taken: int
    faults: Mapping[tuple[str, Reason], int]


def list_values(run: ImportRun, name: str, code: str) -> tuple[list[Group], bool]:
    """(the values of the first rows with a reason, whether there are more rows). Torn rows have none."""
    kind, found, count = kinds.get(run.kind), dict[str, Group](), 0
    for reject, row in _rows(run, name, code):
        count += 1
        value = row.get(name, "")
        key = _key(run, name, value)
        group = found.get(key) or found.setdefault(key, Group(key, _shown(kind, name, value)))
        group.rows += 1
        if len(group.lines) < EXAMPLES:
            group.lines.append(reject.line)
    return sorted(found.values(), key=lambda group: (-group.rows, group.lines))[:VALUES], count == MOST


def try_fix(run: ImportRun, name: str, code: str, changes: Mapping[str, str], *, now: datetime) -> Tried:
    """What the changes {key: new value} would do to the first rows, taken back at once."""
    kind = kinds.get(run.kind)
    rows = [
        (reject.line, row | {name: changes[key]})
        for reject, row in _rows(run, name, code)
        if (key := _key(run, name, row.get(name, ""))) in changes
    ][:TRIED]
    header = list(dict.fromkeys([column for _, row in rows for column in row]))
    loader = BatchLoader(
        kind, header, source=run.source, now=now, run=None, options=options_from_json(run.options)
    )
    with transaction.atomic():
        loader.prepare()
        loader.records([Record(line, [row.get(column, "") for column in header]) for line, row in rows])
        transaction.set_rollback(True)
    faults = Counter((one.field, one.reason) for one in loader.result.rejects)
    return Tried(len(rows), len(rows) - loader.result.rejected, faults)


def apply(
    run: ImportRun, name: str, code: str, changes: Mapping[str, str], *, staff_id: int, now: datetime
) -> BulkFix:
    """Change the rows: {key of a value: new value}. They wait on, and keep what they were until retried."""
    with transaction.atomic():
        fix = BulkFix.objects.create(run=run, field=name, code=code, rows=0, staff_id=staff_id, at=now)
        changed = []
        for reject, row in _rows(run, name, code, for_update=True):
            if (key := _key(run, name, row.get(name, ""))) in changes:
                row[name] = changes[key]
                reject.before, reject.fix = reject.row, fix
                reject.row = encrypt_row(list(row), Record(reject.line, list(row.values())))
                changed.append(reject)
        Reject.objects.bulk_update(changed, ["row", "before", "fix"], batch_size=SLICE)
        fix.rows = len(changed)
        fix.save(update_fields=["rows"])
    return fix


def undo(fix: BulkFix, *, now: datetime) -> int | None:
    """Give the rows that still wait what they were before; returns how many, None where it is undone already.

    Rows that were tried again since stay as they are.
    """
    with transaction.atomic():
        if not BulkFix.objects.filter(pk=fix.pk, undone_at=None).update(undone_at=now):
            return None
        waiting = Reject.objects.filter(fix=fix, resolved_at=None)
        return waiting.update(row=F("before"), before=None, fix=None)


def _rows(
    run: ImportRun, name: str, code: str, *, for_update: bool = False
) -> Iterator[tuple[Reject, dict[str, str]]]:
    """The first waiting rows with a reason that could be split, with their columns; none changed before."""
    waiting = waiting_rows(run, {"field": name, "code": code}).filter(fix=None).order_by("line", "pk")
    if for_update:
        waiting = waiting.select_for_update()
    for reject in waiting[:MOST].iterator(SLICE):
        row = decrypt_row(reject.row)
        if DAMAGED not in row:
            yield reject, row


def _key(run: ImportRun, name: str, value: str) -> str:
    """Another one in each run: else a file of guesses would show whether a masked value is among them."""
    return blind_index("rejected value", f"{run.pk} {name} {value}").hex()


def _shown(kind: Kind, name: str, value: str) -> str:
    """A value as anybody may see it; one that stands for one of a column's words can be read."""
    column = kind.by_name.get(name)
    if column and column.words and not is_hidden(value):
        return value
    return mask_value(kind, name, value.strip())
