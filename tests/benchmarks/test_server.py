"""What tests and benchmarks need of a server is asked for in one sentence."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from benchmarks.server import lacking
from tests.server import database_url


@pytest.fixture
def newcomers_url(transactional_db):
    """The test database as a login that was given nothing reaches it."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            pytest.skip("making roles needs a superuser, as on the embedded server")
        cursor.execute("CREATE ROLE newcomer LOGIN PASSWORD 'new'")
        parts = urlsplit(database_url())
        yield urlunsplit(parts._replace(netloc=f"newcomer:new@{parts.netloc.rpartition('@')[2]}"))
        cursor.execute("DROP ROLE newcomer")
        cursor.execute("RESET ROLE")


def test_who_was_given_nothing_is_told_what_an_administrator_runs(newcomers_url):
    told = "First let an administrator of the server run: "
    tests = "ALTER ROLE newcomer CREATEDB; GRANT SET ON PARAMETER session_replication_role TO newcomer;"
    assert lacking(newcomers_url, checkpoints=False) == told + tests
    assert lacking(newcomers_url, checkpoints=True) == f"{told}{tests} GRANT pg_checkpoint TO newcomer;"


@pytest.mark.django_db
def test_where_nothing_lacks_nothing_is_said():
    assert lacking(database_url(), checkpoints=True) == ""


def test_a_server_out_of_reach_is_said():
    assert lacking("postgres://me@127.0.0.1:1/none", checkpoints=False).startswith("No database: ")
