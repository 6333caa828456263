"""Rejected rows: kept encrypted, shown masked, exported on demand, replayed once fixed."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import override

from crm.imports.column import Column
from crm.imports.errors.row_errors import Reason
from crm.imports.kinds import IGNORED, Kind
from crm.imports.models import ImportRun, Outcome, Reject
from crm.imports.options import ReadingOptions
from crm.imports.tables.record import Record, Wrong
from crm.imports.values import fits
from crm.imports.values.texts import NOTHING
from crm.imports.vocabulary import words
from crm.runtime.secrets.crypto import decrypt, encrypt
from crm.staff.privacy.masking import mask
from crm.staff.privacy.personal import HAN, looks_personal, shape

# Of a file with personal columns any such may be a name: two characters, or two words of any alphabet.
_WORDS = re.compile(rf"{HAN}{{2,}}|[^\W\d_]{{2,}}[ ·,.'’\-]+[^\W\d_]{{2,}}")
SHOWN = 20
SLICE = 5000
MOST_FAULTS = 50
_VARYING = frozenset({"field_count", "other_currency"})
DAMAGED = ""  # key of a kept row that could not even be split; holds its surplus fields


@dataclass(frozen=True)
class RejectView:
    """A reject as anybody may see it: personal values are masked."""

    line: int
    field: str
    value: str
    reason: Reason
    also: tuple[RejectView, ...] = ()  # what else is wrong with the row

    @property
    def why(self) -> str:
        """In English, whatever the reader's language."""
        return self.reason.english

    @property
    def why_here(self) -> str:
        """The same with what is wrong with this very value."""
        with override("en"):
            return self.reason.said()

    def as_json(self) -> dict[str, Any]:
        """The published form; `detail` where more is known of this very value."""
        detail = {"detail": self.reason.detail.english} if self.reason.detail else {}
        also = {"also": [one.as_json() for one in self.also]} if self.also else {}
        return {"line": self.line, "field": self.field, "value": self.value, "why": self.why} | detail | also


def mask_value(kind: Kind, name: str, value: str) -> str:
    """A value of one column as anybody may see it, at most 200 characters of it.

    What fits neither the column's type nor its mask is suspect, and only its shape is shown: a field missing
    before it shifts somebody's name or number into any column.
    """
    column = kind.by_name.get(name)
    if column and column.mask:
        value = mask(column.mask, value)
    elif not (column and _shows(kind, column, value)) or _is_suspect(kind, column, value):
        value = shape(value)
    return value.replace("\0", "\u2400")[:200]


def _shows(kind: Kind, column: Column, value: str) -> bool:
    """Whether a text fits its column, says nothing, or is what files call one of its words."""
    if column.shows(value) or value in NOTHING:
        return True
    return bool(column.words and words.match(kind, column.name, value, ReadingOptions()))


def _is_suspect(kind: Kind, column: Column, value: str) -> bool:
    """Whether a text that its column may hold names a person all the same."""
    if column.shows is not fits.free_text:
        return False
    return looks_personal(value, names=kind.about_people) or bool(kind.personal and _WORDS.search(value))


def view_of(kind: Kind, record: Record) -> RejectView:
    """The reject without what must not be read."""
    assert record.why is not None
    also = tuple(_view(kind, record.line, wrong) for wrong in record.also)
    return replace(_view(kind, record.line, Wrong(record.field, record.value, record.why)), also=also)


def _view(kind: Kind, line: int, wrong: Wrong) -> RejectView:
    value, reason = mask_value(kind, wrong.field, wrong.value), wrong.why
    if reason.code == "other_currency":
        reason = reason.given(value=value, currency=settings.BUSINESS_CURRENCY)
    reason = reason.given(**{name: _without_person(said) for name, said in reason.params})
    return RejectView(line, wrong.field, value, reason)


def _without_person(said: str | int) -> str | int:
    """What a reason says, its shape only where it holds a person's number or address."""
    return shape(said) if isinstance(said, str) and looks_personal(said, names=False) else said


def encrypt_row(header: list[str], record: Record, *, damaged: bool = False) -> bytes:
    """The whole row, encrypted: JSON {column: text}."""
    pairs = zip(header, record.fields, strict=False)
    row: dict[str, Any] = {name: text for name, text in pairs if text or not name.startswith(IGNORED)}
    if damaged:
        row = dict.fromkeys(header, "") | row
        row[DAMAGED] = record.fields[len(header) :]
    return encrypt("reject", json.dumps(row, ensure_ascii=False))


def decrypt_row(sealed: bytes | memoryview) -> dict[str, Any]:
    return json.loads(decrypt("reject", sealed))


class RejectWriter:
    """Collects the rejects of one load: stores them under its run, keeps the first ones to show."""

    def __init__(self, kind: Kind, header: list[str], run: ImportRun | None) -> None:
        self._kind, self._header, self._run = kind, header, run
        self.shown: list[RejectView] = []
        self.count = 0
        self._faults: Counter[tuple[str, Reason]] = Counter()

    def counted(self) -> tuple[int, list[RejectView], Counter[tuple[str, Reason]]]:
        """What restore() takes back to."""
        return self.count, self.shown, self._faults.copy()

    def restore(self, before: tuple[int, list[RejectView], Counter[tuple[str, Reason]]]) -> None:
        self.count, self.shown, self._faults = before

    def faults(self) -> list[list[Any]]:
        """[field, code, params, rows] of the most frequent reasons, without the values in them."""
        return [
            [field, *reason.stored(), rows] for (field, reason), rows in self._faults.most_common(MOST_FAULTS)
        ]

    def keep(self, cursor: Any, records: list[Record], *, damaged: bool = False) -> None:
        """Take some rejects. `damaged`: they were refused before their texts could be trusted."""
        if not records:
            return
        seen = [view_of(self._kind, record) for record in records]
        self.count += len(seen)
        # Whatever belongs to single rows is left out: the reason counts, not what it was found in.
        self._faults.update(
            (record.field, Reason(record.why.code, () if record.why.code in _VARYING else record.why.params))
            for record in records
            if record.why
        )
        self.shown = sorted(self.shown + seen, key=lambda reject: reject.line)[:SHOWN]
        if self._run is None:
            return
        with cursor.copy(
            "COPY imports_reject (run_id, line, field, value, code, params, also, row) FROM STDIN"
        ) as copy:
            for record, reject in zip(records, seen, strict=True):
                unsplit = damaged and not self._replayable(record)
                sealed = encrypt_row(self._header, record, damaged=unsplit)
                code, params = reject.reason.stored()
                also = json.dumps([[one.field, one.value, *one.reason.stored()] for one in reject.also])
                copy.write_row(
                    (self._run.pk, reject.line, reject.field, reject.value, code)
                    + (json.dumps(params), also, sealed)
                )

    def _replayable(self, record: Record) -> bool:
        """A personal value that was refused is plain text like any other; a damaged line is not."""
        column = self._kind.by_name.get(record.field)
        assert record.why is not None
        return bool(column and column.normalise) and record.why.code not in ("undecodable", "nul")


def mark_retried(run: ImportRun, ids: list[int], now: datetime) -> None:
    """These rejects were tried again: what is still wrong with them waits under the new run."""
    Reject.objects.filter(run=run, pk__in=ids, resolved_at=None).update(
        resolved_at=now, outcome=Outcome.REPLAYED
    )


def supersede(run: ImportRun, now: datetime) -> None:
    """The same file came in again: its rejects of earlier times wait under this run now, each only once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE imports_reject SET resolved_at = %s, outcome = 'superseded'"
            " FROM imports_importrun AS earlier"
            " WHERE earlier.id = run_id AND resolved_at IS NULL AND run_id < %s"
            " AND (earlier.kind, earlier.source) = (%s, %s) AND (earlier.digest = %s AND earlier.digest <> ''"
            # Of one that was stopped only the beginning is known.
            " OR earlier.digest = '' AND earlier.beginning = %s AND earlier.beginning <> '')",
            [now, run.pk, run.kind, run.source, run.digest, run.beginning],
        )
