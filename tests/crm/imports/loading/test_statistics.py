"""A table that an import made many times larger is known to the planner at once."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.crm.imports.files import take

ROWS = 3_000


def known(table: str) -> tuple[float, bool]:
    """How many rows the planner thinks there are, and whether it knows their values."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples, EXISTS (SELECT FROM pg_stats WHERE tablename = relname)"
            " FROM pg_class WHERE oid = %s::regclass",
            [table],
        )
        return cursor.fetchone()


def members(first: int, last: int) -> str:
    return "member_id\n" + "".join(f"U{number}\n" for number in range(first, last))


@pytest.mark.django_db(transaction=True)
def test_tables_that_an_import_made_large_have_statistics_when_it_is_done(tmp_path):
    take(tmp_path, "members", members(0, ROWS))
    assert known("profiles_member") == (ROWS, True)
    assert known("profiles_identity") == (ROWS, True)
    assert known("lifecycle_standing")[0] == ROWS  # written by a trigger
    take(tmp_path, "members", members(ROWS, 2 * ROWS))
    assert known("profiles_member")[0] == ROWS, "twice as large is not worth it"
    take(tmp_path, "members", members(2 * ROWS, 5 * ROWS))
    assert known("profiles_member")[0] == 5 * ROWS


@pytest.mark.django_db(transaction=True)
def test_a_trial_and_a_small_import_gather_nothing(tmp_path):
    before = known("profiles_member")
    take(tmp_path, "members", members(0, ROWS), dry_run=True)
    take(tmp_path, "members", members(0, 900))
    assert known("profiles_member") == before
