"""Open transactions of this database hold back, those of others do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from crm.runtime.database.writers import oldest_writer

pytestmark = pytest.mark.django_db


@contextmanager
def writing_in(database: str) -> Iterator[int]:
    """Somebody else's open transaction there, and one begun later that is over; gives the first one's id."""
    given = connection.get_connection_params()
    where = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(dbname=database, **where) as other:
        writer = int(other.execute("SELECT pg_current_xact_id()::text").fetchone()[0])
        with psycopg.connect(dbname=database, **where) as later:
            later.execute("SELECT pg_current_xact_id()")
        yield writer
        other.rollback()


def test_another_transaction_of_this_database_counts_until_it_ends():
    here = connection.settings_dict["NAME"]
    with writing_in(here) as writer, writing_in("postgres"):
        assert oldest_writer() == writer
    assert oldest_writer() is None


def test_a_transaction_of_another_database_does_not():
    with writing_in("postgres"):
        assert oldest_writer() is None


def test_ones_own_does_not():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()")
    assert oldest_writer() is None
