"""Rows written as programs write them are judged first; that changes nothing in what becomes of any row."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from crm.imports import kinds
from crm.imports.kinds import Batch
from crm.imports.loading import match_words, merge, staging
from crm.imports.loading.batch import sql_parameters
from crm.imports.loading.normal_texts import NORMAL
from crm.imports.options import ReadingOptions
from crm.imports.tables.record import Record
from crm.imports.values.texts import NOTHING
from tests.crm.imports.files import NEEDED, NOW, row, take
from tests.harness.examples import examples

pytestmark = pytest.mark.django_db

AMOUNTS = [
    "1",
    "1.50",
    ".5",
    "5.",
    "1,234.00",
    "１００",
    "1e3",
    "1.e5",
    "1_000.50",
    "0x1F",
    "(5)",
    "0.00",
    "+5",
    "..",
    "9" * 20,
]
MOMENTS = [
    "2026-05-01",
    "2026-05-01T10:00:00",
    "2026-05-01 10:00:00+08",
    "20260501",
    "2026/5/1",
    "5月1日",
    "2026-02-30",
]
OTHERS = [
    "buy",
    "BUY",
    "申购",
    "month",
    "每月",
    "'5",
    '="5"',
    "",
    "P1",
    "2026-05-01 00:00:00",
    "1999-01-01T25:00:00",
]
CELLS = st.sampled_from(AMOUNTS + MOMENTS + OTHERS + sorted(NOTHING)) | st.text(
    st.sampled_from("0123456789.,-+eE_:T/ ¥元月"), max_size=12
)
OPTIONS = ReadingOptions()


@pytest.fixture
def known(tmp_path):
    """What the rows refer to, without which all would be faulty."""
    assert take(tmp_path, "members", row("members")).added == 1


def judged(kind_name: str, rows: list[dict[str, str]], *, usual: bool) -> list[tuple[object, ...]]:
    kind = kinds.get(kind_name)
    header = [column.name for column in kind.columns]
    records = [Record(line, [row.get(name, "") for name in header]) for line, row in enumerate(rows, 2)]
    with connection.cursor() as cursor:
        valid = merge.prepare(cursor)
        staging.create(cursor, kind, header, 1)
        staging.copy_prepared(cursor, kind, header, staging.prepare(kind, header, records, OPTIONS))
        matched = match_words.match_staged(cursor, kind, header, OPTIONS, NORMAL)
        params = sql_parameters("", NOW, None, OPTIONS) | match_words.parameters(kind, matched)
        batch = Batch(kind, frozenset(header), params, NOW, last_chance=True)
        if usual:
            merge.parse(cursor, batch, valid, OPTIONS, NORMAL, usual=True)
            merge.parse_rest(cursor, batch, valid, OPTIONS, NORMAL)
        else:
            merge.parse(cursor, batch, valid, OPTIONS, NORMAL)
        cursor.execute("SELECT * FROM pg_temp.imports_parsed ORDER BY line")
        return list(cursor.fetchall())


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("transactions", ("at", "kind", "amount")),
        ("saving_plans", ("amount", "every", "started_on", "ended_on")),
        ("products", ("product_id", "risk", "regime", "term_days")),
    ],
)
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(st.tuples(st.integers(0, 3), CELLS), min_size=1, max_size=6))
@example(cells=[(3, text) for text in AMOUNTS + MOMENTS + OTHERS])
@example(cells=[(place, text) for place in range(4) for text in AMOUNTS + MOMENTS + OTHERS])
def test_rows_become_the_same_whether_usual_ones_are_judged_first(known, kind, names, cells):
    rows = [NEEDED[kind], *(NEEDED[kind] | {names[place % len(names)]: text} for place, text in cells)]
    found = judged(kind, rows, usual=True)
    assert found == judged(kind, rows, usual=False)
    assert found[0][1] is None  # no fault
