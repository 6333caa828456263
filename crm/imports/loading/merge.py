"""From staged texts to stored rows: judge every row, make missing reference data, insert or update."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, connection, transaction
from psycopg.errors import UniqueViolation

from crm.imports.column import Column
from crm.imports.kinds import Batch, Counts
from crm.imports.loading import blanks
from crm.imports.loading.normal_texts import NORMAL, Treatments, normal_text
from crm.imports.options import ReadingOptions
from crm.imports.values.texts import FUNCTIONS, plain_text_sql
from crm.runtime.sql_files import sql_beside

_sql = sql_beside(__file__)
_PARSE = _sql("parse")
_MERGE = _sql("merge")
_INSERT = _sql("insert")
_VALID = _sql("valid")
_STAGED = "pg_temp.imports_staged"
_REST = (
    "(SELECT * FROM pg_temp.imports_staged AS s"
    " WHERE NOT EXISTS (SELECT FROM pg_temp.imports_parsed AS p WHERE p.line = s.line)) AS rest"
)

KNOWS_VALID = 16_00_00  # the version of PostgreSQL that brought pg_input_is_valid()


def prepare(cursor: Any) -> str:
    """Make the functions that readings use; returns the one that tells whether a text can be read as a type.

    Before PostgreSQL 16 that is made here too.
    """
    cursor.execute(FUNCTIONS)
    if connection.pg_version >= KNOWS_VALID:  # type: ignore[attr-defined]  # Django's PostgreSQL wrapper has it
        return "pg_input_is_valid"
    cursor.execute(_VALID)
    return "pg_temp.imports_valid"


def parse(
    cursor: Any, batch: Batch, valid: str, options: ReadingOptions, needed: Treatments, *, usual: bool = False
) -> float:
    """Fill pg_temp.imports_parsed: typed values of good rows, the number of the first fault of the others.

    `usual`: only values as programs write them are taken, which costs less; rows that have others are left
    out, for parse_rest(). Returns their share.
    """
    cursor.execute("DROP TABLE IF EXISTS pg_temp.imports_parsed")
    judged = _judged(batch, valid, options, needed, _STAGED, usual=usual)
    cursor.execute(f"CREATE TEMP TABLE imports_parsed AS {judged}", batch.params)
    left_out, rows = 0, cursor.rowcount
    if usual:
        cursor.execute("DELETE FROM pg_temp.imports_parsed WHERE fault IS NOT NULL")
        left_out = cursor.rowcount
    if batch.kind.merge:  # which joins it with itself: of unknown size that would be nested loops
        analyze(cursor, "imports_parsed")
    return left_out / rows if left_out else 0.0


def parse_rest(cursor: Any, batch: Batch, valid: str, options: ReadingOptions, needed: Treatments) -> None:
    """Add the rows to pg_temp.imports_parsed that are not in it."""
    judged = _judged(batch, valid, options, needed, _REST, usual=False)
    cursor.execute(f"INSERT INTO pg_temp.imports_parsed {judged}", batch.params)  # noqa: S608  # own names
    if batch.kind.merge:
        analyze(cursor, "imports_parsed")


def _judged(
    batch: Batch, valid: str, options: ReadingOptions, needed: Treatments, rows: str, *, usual: bool
) -> str:
    """SQL: staged rows with their values or fault."""
    found, values = "", ""
    for column in batch.kind.columns:
        name = f'"{column.name}"'
        if column.normalise:
            values += f", {name}" + f', "{column.name}_index"' * column.indexed
            continue
        if column.reference:
            alias = f"r_{column.name}"
            found += f", {column.reference.found.replace('{alias}', alias)} AS found_{column.name}"
            values += "" if column.reference.why else f", found_{column.name}"
        if column.stored:
            value = column.value.replace("{v}", f"s.{name}")
            values += f', CASE WHEN fault IS NULL THEN {value} END AS "{column.into}"'
        for into, said in column.also.items():
            value = said.replace("{v}", f"s.{name}")
            values += f', CASE WHEN fault IS NULL THEN {value} END AS "{into}"'
    if batch.kind.derived:
        values += f", {batch.kind.derived.into}"
    values += "".join(f", {flag}" for flag in blanks.flags(batch.kind, batch.present))
    return _PARSE.format(
        values=values,
        found=found,
        staged=staged_texts(batch, valid, options, needed, rows, usual=usual),
        joins=joins(batch),
        faults=",\n        ".join(faults_by_column(batch, valid).values()),
    )


def joins(batch: Batch) -> str:
    """SQL: what the staged rows s refer to, as r_<column>."""
    return "\n".join(
        column.reference.join.replace("{alias}", f"r_{column.name}").replace("{v}", f's."{column.name}"')
        for column in batch.kind.columns
        if column.reference and not column.normalise
    )


def staged_texts(
    batch: Batch, valid: str, options: ReadingOptions, needed: Treatments, rows: str, *, usual: bool
) -> str:
    """Staged rows as texts in their usual form, NULL where they say nothing.

    Two steps: in its normal form; as it is meant (values/texts.py) and in the usual form of its type, where a
    text that has it already costs one look. Each fence has a text computed once, not wherever it is used.
    """
    carried = [batch.kind.derived.into] if batch.kind.derived else []
    absent = []
    texts = []
    for column in batch.kind.columns:
        names = [column.name, f"{column.name}_index"] if column.indexed else [column.name]
        if column.name not in batch.present:
            absent += [f'NULL::{"bytea" if column.normalise else "text"} AS "{name}"' for name in names]
        elif column.normalise:
            carried += names
        else:
            texts.append(column)
    kept = ", ".join(["line", *(f'"{name}"' for name in carried)])

    def step(source: str, reading: Callable[[Column], str], *more: str) -> str:
        read = [f'{reading(column)} AS "{column.name}"' for column in texts]
        return f"(SELECT {', '.join([kept, *read, *more])} FROM {source} OFFSET 0)"  # noqa: S608  # own names

    if needed != NORMAL:
        rows = step(rows, lambda column: normal_text(column, needed)) + " AS normal"
    return step(rows, lambda column: _read(column, valid, options, usual=usual), *absent)


def _read(column: Column, valid: str, options: ReadingOptions, *, usual: bool) -> str:
    name = f'"{column.name}"'
    if usual and column.reading:  # another form has a fault, so that its row is left for parse_rest()
        return name
    meant = plain_text_sql(name, nothing=options.nothing_is_empty)
    if not column.reading:
        return meant
    is_usual = _filled(column.usual, name, valid)
    reading = column.reading.replace("{v}", f"({meant})")
    return f"CASE WHEN {is_usual} THEN {name} ELSE {reading} END"


def analyze(cursor: Any, table: str) -> None:
    """Let the planner know the size of a temporary table; a small sample is enough for that."""
    cursor.execute("SET LOCAL default_statistics_target = 5")
    cursor.execute(f"ANALYZE pg_temp.{table}")
    cursor.execute("SET LOCAL default_statistics_target TO DEFAULT")


def faults_by_column(batch: Batch, valid: str) -> dict[str, str]:
    """SQL: the number of the first fault by column, and of each rule by "rule" and its number."""

    def filled(fragment: str, name: str) -> str:
        return _filled(fragment, f's."{name}"', valid)

    cases: dict[str, str] = {}
    for number, (name, fault) in enumerate(batch.kind.faults, 1):
        rule = number > batch.kind.rules_from
        if fault.when and (rule or name in batch.present):
            case = f"rule {number}" if rule else name
            when = _without_absent(batch, fault.when) if rule else fault.when
            cases[case] = cases.get(case, "") + f" WHEN {filled(when, name)} THEN {number}"
    sure = {
        column.name: f" WHEN {filled(column.sure, column.name)} THEN NULL"
        for column in batch.kind.columns
        if column.sure
    }
    return {name: f"CASE{sure.get(name, '')}{case} END" for name, case in cases.items()}


def _without_absent(batch: Batch, when: str) -> str:
    """A rule with NULL for columns that the file lacks, so that PostgreSQL folds what depends on them."""

    def said(match: re.Match[str]) -> str:
        name = match[1]
        return "NULL::text" if name in batch.kind.by_name and name not in batch.present else match[0]

    return re.sub(r"\bs\.(\w+)", said, when)


def _filled(fragment: str, text: str, valid: str) -> str:
    return fragment.replace("{v}", text).replace("{valid}", valid)


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
            _CREATE.format(table=column.creates.table, names=names, values=values, code=column.into),
            batch.params,
        )
        codes = [code for (code,) in cursor.fetchall()]
        if codes:
            made[column.creates.label] = codes
    return made


_CREATE = _sql("create_reference")


def store(cursor: Any, batch: Batch) -> Counts:
    """The merge of kinds that are one table with one key."""
    kind = batch.kind
    columns = [column for column in kind.columns if column.stored]
    by_target = {column.into: column for column in columns}
    order_by = ", ".join(
        # What refers to another table is its id by now, a number.
        _chosen(column) + (' COLLATE "C"' * (column.textual and not (column.reference or column.creates)))
        for column in (by_target[name] for name in kind.key)
    )
    chosen = [f'{_chosen(column)} AS "{column.into}"' for column in columns]
    also = [f'"{into}"' for column in columns for into in column.also]
    parts = {
        "table": kind.table,
        "order_by": order_by,
        "chosen": ", ".join([*chosen, *(f"p.{into}" for into in also)]),
        "targets": ", ".join([*(f'"{column.into}"' for column in columns), *also]),
        "joins": "\n".join(_join(column) for column in columns if column.creates),
        "key": ", ".join(kind.key),
    }
    if batch.all_new:
        try:
            with transaction.atomic():
                cursor.execute(_INSERT.format(**parts), batch.params)
                return Counts(cursor.rowcount, 0)
        except IntegrityError as error:
            if not isinstance(error.__cause__, UniqueViolation):
                raise
    cleared = blanks.settle(cursor, batch, by_update=True)
    cursor.execute(_MERGE.format(**parts, on_conflict=_on_conflict(batch, columns)), batch.params)
    added, updated = cursor.fetchone()
    return Counts(added, updated, met_known=True, cleared=cleared)


def _on_conflict(batch: Batch, columns: list[Column]) -> str:
    changing = {
        column.into: f'EXCLUDED."{column.into}"' if batch.clears else blanks.leaving(column)
        for column in columns
        if column.name in batch.present and column.into not in batch.kind.key
    }
    if not changing:
        return "DO NOTHING"
    said = (into for column in columns if column.name in batch.present for into in column.also)
    changing |= {into: f'EXCLUDED."{into}"' for into in said}
    # Not among what is compared: a row that says the same stays as it is, with the import that wrote it.
    sets = ", ".join(f'"{name}" = {value}' for name, value in changing.items())
    stored = ", ".join(f't."{name}"' for name in changing)
    return (
        f"DO UPDATE SET {sets}, import_id = EXCLUDED.import_id"
        f" WHERE ({stored}) IS DISTINCT FROM ({', '.join(changing.values())})"
    )


def _chosen(column: Column) -> str:
    return f"c_{column.name}.id" if column.creates else f'p."{column.into}"'


def _join(column: Column) -> str:
    assert column.creates is not None
    return f'LEFT JOIN {column.creates.table} AS c_{column.name} ON c_{column.name}.code = p."{column.into}"'
