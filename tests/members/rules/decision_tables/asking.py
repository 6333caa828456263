"""Asks a decision table in SQL."""

from __future__ import annotations

from django.db import connection

from members.rules.decision_tables.table import Table
from members.rules.decision_tables.to_sql import to_sql

COLUMN = {"BOOLEAN": "boolean", "INTEGER": "int", "NUMBER": "numeric", "TEXT": "text", "DATE": "date"}


def decided_in_sql(table: Table, known: list[dict]) -> list[tuple]:
    """(line, code, outcome, reasons, unknown) of each of these facts, by one statement."""
    row = ", ".join(f"%s::{COLUMN[fact.type.name]}" for fact in table.facts)
    names = ", ".join(fact.name for fact in table.facts)
    sql = to_sql(table, {"f": "f"})
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT j.line, {sql.code}, {sql.outcome}, {sql.reasons}, {sql.unknown}"
            f" FROM (SELECT f.at, {sql.line} AS line FROM (VALUES "
            + ", ".join(f"({at}, {row})" for at in range(len(known)))
            + f") AS f(at, {names}) OFFSET 0) AS j ORDER BY j.at",
            [values[fact.name] for values in known for fact in table.facts],
        )
        return cursor.fetchall()
