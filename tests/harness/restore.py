"""What a transactional test has left is taken away: the database is as it was copied from the template.

Django empties every table and runs what follows a migration, a sixth of a second for each test. Here only
tables that have been written are emptied, and the few rows that migrating leaves are put back where they
are gone or were changed. Sequences go on, as they do with Django.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.test import TransactionTestCase

from tests.harness.databases import connected_as_owner, copied, in_use, migrated, name_of

# Every table with a page in it: what was written, also where that has been rolled back or deleted.
_WRITTEN = """
SELECT oid::regclass::text FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0
"""
# Whatever is added, changed or deleted shows in the number of rows and the transactions that wrote them.
_STATE = "SELECT count(*), coalesce(sum(xmin::text::bigint), 0) FROM {}"


@dataclass
class Kept:
    """Rows that migrating leaves in a table."""

    rows: bytes
    state: tuple[int, int]


Place = tuple[str, str]  # server and database
_kept_here: dict[Place, dict[str, Kept]] = {}  # then by table
_owners: dict[Place, psycopg.Connection] = {}  # of the owner: each stays open for the tests to come


@contextmanager
def restorable() -> Iterator[None]:
    """The database of this process, new and in use, which is restored after each test that commits."""
    with copied(name_of(), migrated()) as name, in_use(name):
        with _owner().cursor() as cursor:
            _kept_here[_here()] = {table: _keep(cursor, table) for table in _written(cursor)}
        yield
        _owners.pop(_here()).close()


def restore(test: TransactionTestCase) -> None:
    """What Django does after a test that commits."""
    kept = _kept_here[_here()]
    identity = "RESTART IDENTITY" if test.reset_sequences else ""
    connection.close()  # with the locks of what was not ended
    owner = _owner()
    with owner.transaction(), owner.cursor() as cursor:
        written = _written(cursor)
        unchanged = {table for table in written & kept.keys() if _state(cursor, table) == kept[table].state}
        emptied = written - unchanged
        if emptied or kept.keys() - unchanged:
            cursor.execute(
                "SET LOCAL session_replication_role = replica"
            )  # append-only tables are emptied too
        if emptied:
            cursor.execute(f"TRUNCATE {', '.join(sorted(emptied))} {identity} CASCADE")
        if emptied or kept.keys() - unchanged:
            for table in kept.keys() - _written(cursor):
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(kept[table].rows)
                kept[table].state = _state(cursor, table)


def _here() -> Place:
    return connection.settings_dict["HOST"], connection.settings_dict["NAME"]


def _owner() -> psycopg.Connection:
    """The owner's connection to this database; another one where a test has ended all there were."""
    here = _here()
    try:
        _owners[here].execute("SELECT 1")
    except (KeyError, psycopg.OperationalError):
        _owners[here] = connected_as_owner()
    return _owners[here]


def _keep(cursor, table: str) -> Kept:
    with cursor.copy(f"COPY {table} TO STDOUT") as copy:
        rows = b"".join(copy)
    return Kept(rows, _state(cursor, table))


def _state(cursor, table: str) -> tuple[int, int]:
    cursor.execute(_STATE.format(table))
    return cursor.fetchone()


def _written(cursor) -> set[str]:
    cursor.execute(_WRITTEN)
    return {table for (table,) in cursor.fetchall()}
