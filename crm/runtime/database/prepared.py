"""Large statements that pages ask again and again: the server keeps them planned on each connection.

Django binds parameters in the client, so that every statement is planned again. For a statement of ten
common table expressions planning takes several times as long as execution.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


def fetch_prepared(statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows of one statement, bound by the server and prepared at its first use on this connection.

    It counts among the connection's queries as any other. Parameters are values only, with a cast in the
    statement where their type does not follow from their place.
    """
    with _preparing_cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def execute_prepared(statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> int:
    """Execute one statement as `fetch_prepared` does; returns the number of rows it touched."""
    with _preparing_cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


@contextmanager
def _preparing_cursor() -> Iterator[Any]:
    connection.ensure_connection()
    raw = connection.connection
    raw.prepare_threshold = 0  # of no effect on Django's own cursors, which bind in the client
    # Django's own wrapper, so that the query is counted, logged and its errors are Django's.
    wrap = connection._prepare_cursor  # type: ignore[attr-defined]  # unknown to the stubs
    own = psycopg.Cursor(raw)
    own.format = psycopg.pq.Format.BINARY  # Django reads texts of instants in Python, one by one
    with wrap(own) as cursor:
        yield cursor


def name_parameters(statement: str, parameters: Sequence[Any], prefix: str) -> tuple[str, dict[str, Any]]:
    """A statement with %s as one with %(prefix_0)s, and its parameters: to stand within a larger one."""
    values = {f"{prefix}_{number}": value for number, value in enumerate(parameters)}
    names = iter(values)
    named = re.sub("%[%s]", lambda found: found[0] if found[0] == "%%" else f"%({next(names)})s", statement)
    return named, values
