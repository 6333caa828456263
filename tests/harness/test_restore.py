"""After a test that commits the database is as migrating has left it, whatever the test did."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from crm.staff.models import Team
from members.lifecycle.models import Policy
from members.profiles.models import Channel
from tests.harness.databases import as_owner
from tests.harness.restore import restore

pytestmark = pytest.mark.django_db(transaction=True)
TEST = SimpleNamespace(reset_sequences=False)
ADD = "INSERT INTO profiles_channel (code, name, kind) VALUES ('app', 'App', '')"


def contents() -> dict[str, list[str]]:
    """The rows of every table, as text."""
    found = {}
    with as_owner(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT r::text FROM "{table}" AS r ORDER BY 1')
            found[table] = [row for (row,) in cursor.fetchall()]
    return found


def by_owner(statement: str) -> None:
    """Also what triggers forbid to everybody."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement)


def test_migrating_leaves_rows_and_every_test_finds_them():
    assert Policy.objects.get().version == 1
    assert ContentType.objects.exists() and Permission.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        ADD,
        "UPDATE lifecycle_policy SET idle_days = idle_days + 1",
        "UPDATE django_content_type SET model = 'gone' WHERE model = 'member'",
        "DELETE FROM auth_permission",
        "TRUNCATE django_content_type CASCADE",
        "TRUNCATE lifecycle_policy CASCADE",
    ],
)
def test_whatever_a_test_does_to_rows_is_undone(statement):
    before = contents()
    by_owner(statement)
    assert contents() != before
    restore(TEST)
    assert contents() == before


def test_rows_of_another_process_are_taken_away_too():
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(ADD)
    finally:
        other.close()
    restore(TEST)
    assert not Channel.objects.exists()


def test_numbers_go_on():
    first = Team.objects.create(name="One").pk
    restore(TEST)
    assert Team.objects.create(name="Two").pk == first + 1
    restore(SimpleNamespace(reset_sequences=True))
    assert Team.objects.create(name="Three").pk == 1


def test_a_test_may_end_every_connection():
    by_owner(ADD)
    by_owner("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
             " AND pid <> pg_backend_pid()")  # fmt: skip
    restore(TEST)
    assert not Channel.objects.exists()
