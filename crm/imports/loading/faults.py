"""Everything that is wrong with the rows of a batch that were rejected: they are looked at once more.

The first look tells good rows from the others and stops at the first fault of each, so that good rows cost
no more; here the few others are judged in full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from crm.imports.kinds import DEFERRED, Batch, Kind
from crm.imports.loading import match_words, merge, staging
from crm.imports.loading.normal_texts import Treatments
from crm.imports.options import ReadingOptions
from crm.imports.tables.record import Record, Wrong

_REJECTED = (
    "(SELECT * FROM pg_temp.imports_staged AS s WHERE EXISTS"
    " (SELECT FROM pg_temp.imports_parsed AS p WHERE p.line = s.line AND p.fault > 0)) AS rejected"
)


@dataclass(frozen=True)
class Judge:
    """How the rows of one batch are read; see merge.parse()."""

    batch: Batch
    header: list[str]
    valid: str
    options: ReadingOptions

    def list_rejected(self, cursor: Any, needed: Treatments) -> dict[int, list[int]]:
        """The numbers of all faults of the rows in pg_temp.imports_parsed that have one, by line."""
        return self._list(cursor, needed, _REJECTED)

    def complete(self, cursor: Any, needed: Treatments, records: Sequence[Record]) -> list[Record]:
        """Records with a personal value that is none, with what else is wrong; replaces the staged rows."""
        whole = [record for record in records if record.field]
        if not whole:
            return [*records]
        kind, sound = self.batch.kind, [_without(record, self.header) for record in whole]
        staging.create(cursor, kind, self.header, 1)
        staging.copy_prepared(
            cursor, kind, self.header, staging.prepare(kind, self.header, sound, self.options)
        )
        found = self._list(cursor, needed, "pg_temp.imports_staged")
        return [
            with_also(kind, self.header, record, found.get(record.line, [])) if record.field else record
            for record in records
        ]

    def _list(self, cursor: Any, needed: Treatments, rows: str) -> dict[int, list[int]]:
        kind = self.batch.kind
        matched = match_words.match_staged(cursor, kind, self.header, self.options, needed)
        batch = replace(self.batch, params={**self.batch.params, **match_words.parameters(kind, matched)})
        faults = ", ".join([*_cases(batch, self.valid), "NULL::integer"])
        cursor.execute(
            f"SELECT line, array_remove(ARRAY[{faults}], NULL)"  # noqa: S608  # own names
            f" FROM {merge.staged_texts(batch, self.valid, self.options, needed, rows, usual=False)} AS s"
            f" {merge.joins(batch)}",
            batch.params,
        )
        return dict(cursor.fetchall())


def _cases(batch: Batch, valid: str) -> list[str]:
    """SQL: the fault of each column and rule; a rule counts where the columns that it names have none."""
    cases, found = merge.faults_by_column(batch, valid), []
    for name, case in cases.items():
        named: list[str] = []
        if name.startswith("rule "):
            _column, fault = batch.kind.faults[int(name.removeprefix("rule ")) - 1]
            named = [cases[one] for one in re.findall(r"\bs\.(\w+)", fault.when) if one in cases]
        sound = " AND ".join(f"({one}) IS NULL" for one in named)
        found.append(f"CASE WHEN {sound} THEN {case} END" if sound else case)
    return found


def explained(kind: Kind, header: Sequence[str], record: Record, fault: int, others: Sequence[int]) -> Record:
    """The record with what its faults say of it; one that is deferred has none."""
    if fault == DEFERRED:
        return record
    field, value, why = wrong_with(kind, header, fault, record.fields)
    return with_also(kind, header, record._replace(why=why, field=field, value=value), others)


def wrong_with(kind: Kind, header: Sequence[str], fault: int, fields: Sequence[str]) -> Wrong:
    """What a fault's number says of a row."""
    name, found = kind.faults[fault - 1]
    value = fields[header.index(name)] if name in header else ""
    return Wrong(name, value, found.explain(value, found.why) if found.explain else found.why)


def with_also(kind: Kind, header: Sequence[str], record: Record, faults: Sequence[int]) -> Record:
    """The record with these faults as well, each column's first one."""
    told = {record.field, *(wrong.field for wrong in record.also)}
    others = [wrong_with(kind, header, fault, record.fields) for fault in faults]
    return record._replace(also=(*record.also, *(wrong for wrong in others if wrong.field not in told)))


def _without(record: Record, header: Sequence[str]) -> Record:
    """The record without the values that are known to be wrong."""
    wrong = {record.field, *(one.field for one in record.also)}
    fields = [
        "" if name in wrong else text
        for name, text in zip(header, [*record.fields, *[""] * len(header)], strict=False)
    ]
    return Record(record.line, fields)
