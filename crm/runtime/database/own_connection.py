"""A second connection of a process: what is written through it is kept though the first one's work is not."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper


class OwnConnection:
    """Connects at its first statement and again when lost; commits each; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrapper: BaseDatabaseWrapper = connection.copy()
        self._wrapper.inc_thread_sharing()

    def execute(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        """The rows that a statement returns; where the connection broke it is run once more on a new one."""
        with self._lock:
            try:
                return self._run(statement, values)
            except (OperationalError, InterfaceError):
                self._disconnect()
                return self._run(statement, values)

    def close(self) -> None:
        """Let the connection go; the next statement would open another."""
        with self._lock:
            self._disconnect()

    def _run(self, statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._wrapper.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def _disconnect(self) -> None:
        with suppress(DatabaseError):  # one that is broken cannot even be closed in form
            self._wrapper.close()
