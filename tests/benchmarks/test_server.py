"""What tests and benchmarks need of a server is asked for in one sentence."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from benchmarks.server import lacking
from tests.harness.databases import NEWCOMER, database_url


@pytest.fixture
def newcomers_url(transactional_db):
    """The test database as a login that was given nothing reaches it."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("making roles needs a superuser, as on the embedded server")
        cursor.execute(f"DROP ROLE IF EXISTS {NEWCOMER}")
        cursor.execute(f"CREATE ROLE {NEWCOMER} LOGIN PASSWORD 'new'")
        parts = urlsplit(database_url())
        yield urlunsplit(parts._replace(netloc=f"{NEWCOMER}:new@{parts.netloc.rpartition('@')[2]}"))
        cursor.execute(f"DROP ROLE {NEWCOMER}")
        cursor.execute("RESET ROLE")


def test_who_was_given_nothing_is_told_what_an_administrator_runs(newcomers_url):
    told = "First let an administrator of the server run: "
    tests = f"ALTER ROLE {NEWCOMER} CREATEDB; GRANT SET ON PARAMETER session_replication_role TO {NEWCOMER};"
    assert lacking(newcomers_url, checkpoints=False) == told + tests
    assert lacking(newcomers_url, checkpoints=True) == f"{told}{tests} GRANT pg_checkpoint TO {NEWCOMER};"


@pytest.mark.django_db
def test_where_nothing_lacks_nothing_is_said():
    assert lacking(database_url(), checkpoints=True) == ""


def test_a_server_out_of_reach_is_said():
    assert lacking("postgres://me@127.0.0.1:1/none", checkpoints=False).startswith("No database: ")
