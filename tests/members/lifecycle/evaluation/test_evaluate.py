"""The working tables of a session."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from members.lifecycle.evaluation.evaluate import execute, prepare_temp_tables

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 20_000])  # deleted, truncated
def test_a_batch_begins_with_empty_tables(rows):
    with transaction.atomic():
        prepare_temp_tables()
        execute(
            "INSERT INTO _pair SELECT i, now(), current_date, 1 FROM generate_series(1, %(rows)s) i",
            {"rows": rows},
        )
        prepare_temp_tables()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM _pair")
            assert cursor.fetchone() == (0,)
