"""Empty cells of rows that are known already: they leave what is stored, or clear it where chosen."""

from __future__ import annotations

from typing import Any

from crm.imports.column import Column
from crm.imports.kinds import Batch, Kind


def flags(kind: Kind, present: frozenset[str]) -> list[str]:
    """Expressions that keep with each parsed row which of its cells are empty."""
    return [f's."{column.name}" IS NULL AS "blank_{column.name}"' for column in _optional(kind, present)]


def leaving(column: Column) -> str:
    """What an update stores where an empty cell leaves the stored value; see settle() for the others."""
    new, old = f'EXCLUDED."{column.into}"', f't."{column.into}"'
    if not _says_empty(column):
        return new
    return f"coalesce(nullif({new}, ''), {old})" if "coalesce" in column.value else f"coalesce({new}, {old})"


def _says_empty(column: Column) -> bool:
    """Whether an empty cell is NULL or '' in the parsed row, so that an update can tell it by itself."""
    return column.value == "coalesce({v}, '')" or "coalesce" not in column.value


def settle(cursor: Any, batch: Batch, *, by_update: bool = False) -> dict[str, int]:
    """Give empty cells of pg_temp.imports_parsed what is stored, unless they clear it.

    `by_update`: an update follows, which tells most of them by itself (leaving). Returns how many values are
    cleared, by column; those that were empty before do not count.
    """
    columns = _with_blanks(cursor, batch, by_update=by_update and not batch.clears)
    if not columns:
        return {}
    known = batch.kind.known or " AND ".join(f't."{name}" = p."{name}"' for name in batch.kind.key)
    rows = f"{batch.kind.table} AS t WHERE p.fault IS NULL AND {known}"
    if batch.clears:
        counted = ", ".join(
            f"count(*) FILTER (WHERE {_is_cleared(batch.kind, column)})" for column in columns
        )
        cursor.execute(f"SELECT {counted} FROM pg_temp.imports_parsed AS p, {rows}")  # noqa: S608  # own names
        counts = cursor.fetchone()
        return {column.name: count for column, count in zip(columns, counts, strict=True) if count}
    sets = ", ".join(
        f'"{into}" = CASE WHEN p."blank_{column.name}" THEN {stored} ELSE p."{into}" END'
        for column in columns
        for into, stored in _stored(batch.kind, column).items()
    )
    any_differs = " OR ".join(f"({_is_cleared(batch.kind, column)})" for column in columns)
    cursor.execute(f"UPDATE pg_temp.imports_parsed AS p SET {sets} FROM {rows} AND ({any_differs})")  # noqa: S608  # own names
    return {}


def _optional(kind: Kind, present: frozenset[str]) -> list[Column]:
    return [
        column
        for column in kind.columns
        if column.stored
        and column.name in present
        and not column.required
        and column.into not in kind.key
        and _stored(kind, column)
    ]


def _with_blanks(cursor: Any, batch: Batch, *, by_update: bool) -> list[Column]:
    columns = [
        column for column in _optional(batch.kind, batch.present) if not (by_update and _says_empty(column))
    ]
    if not columns:
        return []
    seen = ", ".join(f'bool_or("blank_{column.name}")' for column in columns)
    cursor.execute(f"SELECT {seen} FROM pg_temp.imports_parsed WHERE fault IS NULL")  # noqa: S608  # own names
    return [column for column, blank in zip(columns, cursor.fetchone(), strict=True) if blank]


def _stored(kind: Kind, column: Column) -> dict[str, str]:
    """What a parsed row would hold had it said what is stored: {its column: expression on the row t}."""
    if column.name in kind.stored_as:
        return dict(kind.stored_as[column.name])
    if column.creates:
        code = f'(SELECT made.code FROM {column.creates.table} AS made WHERE made.id = t."{column.into}")'  # noqa: S608  # own names
        return {column.into: code}
    names = [column.into, f"{column.into}_index"] if column.indexed else [column.into]
    return {name: f't."{name}"' for name in names}


def _is_cleared(kind: Kind, column: Column) -> str:
    stored = next(iter(_stored(kind, column).values()))
    return f"""p."blank_{column.name}" AND coalesce({stored}::text, '') NOT IN ('', '{{}}')"""
