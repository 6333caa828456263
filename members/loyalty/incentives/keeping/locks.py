"""Locks on parts of the members, so that no two workers decide about one member at once.

A part is every member whose id leaves the same remainder. A worker that holds a part's lock sees all that its
holder before has committed: locks end with their transaction.
"""

from __future__ import annotations

from django.db import connection

PARTS = 4
_SPACE = 0x10AD  # of our advisory locks; the second number is the part


def try_part(part: int) -> bool:
    """Take the lock of a part until the transaction ends; False: another worker has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_SPACE, part])
        return bool(cursor.fetchone()[0])


def take_all_parts() -> None:
    """Wait for all parts, in their order, and hold them until the transaction ends."""
    with connection.cursor() as cursor:
        for part in range(PARTS):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_SPACE, part])
