"""Call a verb of the ledger in the database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import DatabaseError, connection, transaction

from members.loyalty.points.ledger.refusals import BY_STATE, PointsRefused


def call(statement: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """The one row that a verb answers with. Raises PointsRefused.

    A verb is one statement and needs no transaction of its own; within one, a refusal leaves it usable.
    """
    try:
        with _savepoint(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            row: tuple[Any, ...] = cursor.fetchone()
            return row
    except DatabaseError as error:
        refusal = BY_STATE.get(getattr(error.__cause__, "sqlstate", None) or "")
        if refusal is None:
            raise
        diag = error.__cause__.diag  # type: ignore[union-attr]
        raise PointsRefused(refusal, left=diag.message_detail or "") from error


def _savepoint() -> AbstractContextManager[Any]:
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
