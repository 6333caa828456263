"""From staged texts to stored rows: judge every row, make missing reference data, insert or update."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection

from crm.intake.columns import Column
from crm.intake.kinds import Batch, Counts

_PARSE = (Path(__file__).parent / "parse.sql").read_text()
_MERGE = (Path(__file__).parent / "merge.sql").read_text()
_VALID = (Path(__file__).parent / "valid.sql").read_text()


def prepare(cursor: Any) -> str:
    """The function that tells whether a text can be read as a type; before PostgreSQL 16 it is made here."""
    if connection.pg_version >= 160000:  # type: ignore[attr-defined]  # Django's PostgreSQL wrapper has it
        return "pg_input_is_valid"
    cursor.execute(_VALID)
    return "pg_temp.intake_valid"


def parse(cursor: Any, batch: Batch, valid: str) -> None:
    """Fill pg_temp.intake_parsed: typed values of good rows, the number of the first fault of the others."""
    kind, absent = batch.kind, lambda column: column.name not in batch.present
    trimmed, found, joins, values, faults = "", "", "", "", ""
    for column in kind.columns:
        name = f'"{column.name}"'
        if column.normalise:
            parts = [name, f'"{column.name}_index"'] if column.indexed else [name]
            trimmed += "".join(f", {'NULL::bytea AS ' if absent(column) else ''}{part}" for part in parts)
            values += "".join(f", {part}" for part in parts)
            continue
        trimmed += f", NULL AS {name}" if absent(column) else f", nullif(btrim({name}), '') AS {name}"
        if column.reference:
            alias = f"r_{column.name}"
            joins += "\n" + column.reference.join.replace("{alias}", alias).replace("{v}", f"s.{name}")
            found += f", {column.reference.found.replace('{alias}', alias)} AS found_{column.name}"
            values += "" if column.reference.why else f", found_{column.name}"
        if column.stored:
            value = column.value.replace("{v}", f"s.{name}")
            values += f', CASE WHEN fault IS NULL THEN {value} END AS "{column.into}"'
    for number, (name, when, _) in enumerate(kind.faults, 1):
        if when and (name in batch.present or "s." in when):
            faults += (
                f"\n        WHEN {when.replace('{v}', f's.{name}').replace('{valid}', valid)} THEN {number}"
            )
    cursor.execute("DROP TABLE IF EXISTS pg_temp.intake_parsed")
    sql = _PARSE.format(
        values=values, found=found, trimmed=trimmed, joins=joins, faults=faults or "WHEN false THEN 0"
    )
    cursor.execute(sql, batch.params)
    cursor.execute(
        "ANALYZE pg_temp.intake_parsed"
    )  # merges join it with itself; unknown sizes give nested loops


def create_references(cursor: Any, batch: Batch) -> dict[str, list[str]]:
    """Make the channels, categories … that good rows name and nobody knows; returns their codes by label."""
    made: dict[str, list[str]] = {}
    for column in batch.kind.columns:
        if column.creates is None or column.name not in batch.present:
            continue
        extra = column.creates.extra or {}
        names = ", ".join(["code", "name", *extra])
        values = ", ".join([f'p."{column.into}"', f'p."{column.into}"', *extra.values()])
        cursor.execute(
            _CREATE.format(table=column.creates.table, names=names, values=values, code=column.into)
        )
        codes = [code for (code,) in cursor.fetchall()]
        if codes:
            made[column.creates.label] = codes
    return made


_CREATE = (Path(__file__).parent / "create_reference.sql").read_text()


def store(cursor: Any, batch: Batch) -> Counts:
    """The merge of kinds that are one table with one key."""
    kind = batch.kind
    columns = [column for column in kind.columns if column.stored]
    by_target = {column.into: column for column in columns}
    changing = [c.into for c in columns if c.name in batch.present and c.into not in kind.key]
    on_conflict = "DO NOTHING"
    if changing:
        sets = ", ".join(f'"{name}" = EXCLUDED."{name}"' for name in changing)
        stored = ", ".join(f't."{name}"' for name in changing)
        excluded = ", ".join(f'EXCLUDED."{name}"' for name in changing)
        on_conflict = f"DO UPDATE SET {sets} WHERE ({stored}) IS DISTINCT FROM ({excluded})"
    order_by = ", ".join(
        # What refers to another table is its id by now, a number.
        _chosen(column) + (' COLLATE "C"' * (column.textual and not (column.reference or column.creates)))
        for column in (by_target[name] for name in kind.key)
    )
    cursor.execute(
        _MERGE.format(
            table=kind.table,
            order_by=order_by,
            chosen=", ".join(f'{_chosen(column)} AS "{column.into}"' for column in columns),
            targets=", ".join(f'"{column.into}"' for column in columns),
            joins="\n".join(_join(column) for column in columns if column.creates),
            key=", ".join(kind.key),
            on_conflict=on_conflict,
        )
    )
    added, updated = cursor.fetchone()
    return Counts(added, updated)


def _chosen(column: Column) -> str:
    return f"c_{column.name}.id" if column.creates else f'p."{column.into}"'


def _join(column: Column) -> str:
    assert column.creates is not None
    return f'LEFT JOIN {column.creates.table} AS c_{column.name} ON c_{column.name}.code = p."{column.into}"'
