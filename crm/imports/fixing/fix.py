"""Fixing rejected rows on the page: nobody sees a masked value, whoever mends one enters a new value."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_noop

from crm.imports import kinds
from crm.imports.errors.row_errors import Reason, load_reason, make_reason, publish
from crm.imports.kinds import Kind
from crm.imports.loading.batch import BatchLoader
from crm.imports.models import ImportRun, Outcome, Reject
from crm.imports.options import from_json as options_from_json
from crm.imports.rejects.store import DAMAGED, decrypt_row, encrypt_row, mask_value
from crm.imports.tables.record import Record
from crm.imports.vocabulary import headings
from crm.runtime.sql_files import sql_beside
from crm.staff.privacy.personal import shape

AT_ONCE = 200  # rows tried again while somebody waits for the page
COUNTED = 1000  # rows of one reason counted at most
MOST_REASONS = 30
_FAULTS = sql_beside(__file__)("pending_errors")
# Reasons that say more of a single row than of all that share them.
_OF_ALL = {"field_count": "torn", "other_currency": "other_currencies"}
publish(
    {
        "torn": gettext_noop("number of fields differs from the header"),
        "other_currencies": gettext_noop("not the platform currency"),
    }
)


@dataclass(frozen=True)
class ReasonGroup:
    """Rows of one run that wait for the same reason; at most COUNTED + 1 of them are counted."""

    field: str
    code: str
    reason: Reason
    rows: int

    @property
    def many(self) -> bool:
        return self.rows > COUNTED


@dataclass(frozen=True)
class Cell:
    """One column of a rejected row in the form; a masked `value` is only to be looked at."""

    name: str
    label: str
    value: str
    masked: bool
    required: bool
    why: str = ""  # what is wrong with it

    @property
    def long(self) -> bool:
        return len(self.value) > 60


def reasons(run: ImportRun) -> list[ReasonGroup]:
    """Why rows of a run wait, the most frequent reason first; one query whatever their number."""
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS, {"run": run.pk, "most": MOST_REASONS, "counted": COUNTED})
        found = cursor.fetchall()
    return [
        ReasonGroup(field, code, shared_reason(code, json.loads(params)), rows)
        for field, code, params, rows in found
    ]


def shared_reason(code: str, params: dict[str, Any]) -> Reason:
    """What all rows refused by a code have in common."""
    return make_reason(_OF_ALL[code]) if code in _OF_ALL else replace(load_reason(code, params), detail=None)


def form_cells(reject: Reject) -> tuple[list[Cell], list[str]]:
    """(the columns of a row to be fixed, what else stood in a torn one, as shapes)."""
    kind, row = kinds.get(reject.run.kind), decrypt_row(reject.row)
    surplus = [shape(value) for value in row.pop(DAMAGED, [])]
    header = [*row, *(name for name in reject.reasons if name not in row)]
    header += [column.name for column in kind.columns if column.required and column.name not in header]
    return [_cell(kind, reject, name, row.get(name, "")) for name in header if name in kind.by_name], surplus


def _cell(kind: Kind, reject: Reject, name: str, value: str) -> Cell:
    seen = mask_value(kind, name, value.strip())
    masked = bool(value.strip()) and (bool(kind.by_name[name].mask) or seen != value.strip()[:200])
    return Cell(
        name,
        headings.label(kind, name),
        seen if masked else value.replace("\0", ""),
        masked,
        kind.by_name[name].required,
        reject.reasons[name].said() if name in reject.reasons else "",
    )


class NotWaiting(Exception):
    """Somebody else has fixed or dismissed the row since it was shown."""


def fix_row(reject_id: int, changes: dict[str, str], *, staff_id: int) -> None:
    """Replace some columns of a row and encrypt it again; those not named stay. A torn row is whole then.

    Call it in a transaction: until that ends nobody else fixes the row. Raises NotWaiting.
    """
    reject = Reject.objects.select_for_update().filter(pk=reject_id, resolved_at=None).first()
    if reject is None:
        raise NotWaiting
    row = decrypt_row(reject.row)
    row.pop(DAMAGED, None)
    kind = kinds.get(reject.run.kind)
    row |= {name: text for name, text in changes.items() if name in kind.by_name}
    reject.row = encrypt_row(list(row), Record(reject.line, list(row.values())))
    reject.staff_id = staff_id
    reject.save(update_fields=["row", "staff_id"])


def retry(run: ImportRun, ids: list[int], *, now: datetime) -> tuple[int, list[int]]:
    """Try some waiting rows again, at most AT_ONCE, in place: (rows that went in, rejects that wait now).

    Torn rows that nobody fixed stay as they are. What is refused again waits under the same run and line.
    """
    with transaction.atomic():
        waiting = Reject.objects.select_for_update().filter(run=run, pk__in=ids[:AT_ONCE], resolved_at=None)
        rows = {reject: decrypt_row(reject.row) for reject in waiting.order_by("line")}
        whole = {reject: row for reject, row in rows.items() if DAMAGED not in row}
        torn = [reject.pk for reject, row in rows.items() if DAMAGED in row]
        if not whole:
            return 0, torn
        header = list(dict.fromkeys(name for row in whole.values() for name in row))
        kind = kinds.get(run.kind)
        options = options_from_json(run.options)
        loader = BatchLoader(
            kind, header, source=run.source, now=now, run=None, keep_under=run, options=options
        )
        loader.prepare()
        before = max(reject.pk for reject in rows)
        loader.records([Record(r.line, [row.get(name, "") for name in header]) for r, row in whole.items()])
        Reject.objects.filter(pk__in=[reject.pk for reject in whole]).update(
            resolved_at=now, outcome=Outcome.REPLAYED
        )
        again = list(
            Reject.objects.filter(run=run, resolved_at=None, pk__gt=before, line__in=[r.line for r in whole])
            .order_by("line")
            .values_list("pk", flat=True)
        )
        taken = len(whole) - loader.result.rejected
        ImportRun.objects.filter(pk=run.pk).update(fixed=F("fixed") + taken)
    return taken, torn + again


def dismiss(waiting: QuerySet[Reject], *, reason: str, staff_id: int, now: datetime) -> int:
    """Dismiss waiting rows, with the reason; returns how many. They stay on record, encrypted."""
    return waiting.update(resolved_at=now, outcome=Outcome.DISMISSED, note=reason[:300], staff_id=staff_id)
