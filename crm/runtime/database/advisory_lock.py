"""Hold a piece of work as long as this session lives: whoever finds it free knows that its process is gone.

The same text stands in the statements that look for dead work: hashtextextended('<what> ' || id, 0).
"""

from __future__ import annotations

from contextlib import suppress

from django.db import Error as DatabaseError
from django.db import connection

_KEY = "hashtextextended(%s || ' ' || %s, 0)"


def hold(what: str, number: int) -> None:
    """Take the advisory lock of a piece of work; it is given back by let_go, or with the session."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_lock({_KEY})", [what, number])


def let_go(what: str, number: int) -> None:
    """Give the lock back. A broken session has done so by itself."""
    with suppress(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_unlock({_KEY})", [what, number])
