import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.runtime.database.prepared import fetch_prepared, name_parameters

pytestmark = pytest.mark.django_db
STATEMENT = "SELECT %(number)s::integer + 1, %(text)s::text"


def kept() -> int:
    """How often the server planned nothing anew: statements of ours that it keeps on this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%%1::integer + 1%%'"
        )
        return cursor.fetchone()[0]


def test_a_statement_is_kept_planned_by_the_server_and_asked_with_other_values():
    before = kept()
    assert fetch_prepared(STATEMENT, {"number": 1, "text": "it's; --"}) == [(2, "it's; --")]
    assert fetch_prepared(STATEMENT, {"number": 41, "text": "%s"}) == [(42, "%s")]
    assert kept() == max(before, 1)


def test_it_counts_among_the_queries():
    with CaptureQueriesContext(connection) as queries:
        fetch_prepared(STATEMENT, {"number": 1, "text": ""})
    assert len(queries) == 1


def test_djangos_own_cursors_go_on_as_before():
    fetch_prepared(STATEMENT, {"number": 1, "text": ""})
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s + 1", [1])
        assert cursor.fetchone() == (2,)


def test_values_come_as_from_djangos_own_cursors():
    statement = """
        SELECT timestamptz '2026-11-22 08:00+08', date '2026-11-22', 12.50::numeric, ARRAY['vip', '教育金'],
               '\\x0100ff'::bytea, true, NULL::text, 1::smallint, 9007199254740993::bigint
    """
    with connection.cursor() as cursor:
        cursor.execute(statement)
        expected = cursor.fetchall()
    assert fetch_prepared(statement, []) == expected
    assert [str(value) for value in expected[0][:3]] == ["2026-11-22 00:00:00+00:00", "2026-11-22", "12.50"]


def test_parameters_get_names_in_their_order_and_signs_of_per_cent_stay():
    named, values = name_parameters("SELECT %s WHERE x LIKE '%%s' AND y = %s", [1, "b"], "own")
    assert named == "SELECT %(own_0)s WHERE x LIKE '%%s' AND y = %(own_1)s"
    assert values == {"own_0": 1, "own_1": "b"}
