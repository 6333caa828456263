"""A cell says the same to process and database: marks of text are taken off, nothing is nothing."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from crm.imports.options import ReadingOptions
from crm.imports.values.texts import FUNCTIONS, NOTHING, plain_text, plain_text_sql
from members.profiles.models import Identity, Member
from tests.crm.imports.files import row, take
from tests.harness.examples import examples

pytestmark = pytest.mark.django_db

cells = st.sampled_from(sorted(NOTHING)) | st.text(st.sampled_from("='\"0a@ -＝\n")) | st.text()


def in_database(text: str, *, nothing: bool) -> str:
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        read = plain_text_sql("v", nothing=nothing)
        cursor.execute(
            f"SELECT coalesce({read}, '') FROM (SELECT nullif(btrim(%s), '') AS v) AS cell", [text]
        )
        return str(cursor.fetchone()[0])


@examples(200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells.filter(lambda text: "\0" not in text), st.booleans())
@example('="00012"', True)
@example("'00012", True)
@example('="a"\n"', True)
def test_process_and_database_agree(text, nothing):
    text = text.encode(errors="replace").decode().strip(" ")
    assert plain_text(text, nothing=nothing) == in_database(text, nothing=nothing)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ('="00012"', "00012"),
        ('= "00012"', "00012"),
        ("'00012", "00012"),
        ("=“00012”", "00012"),
        ("’00012", "00012"),  # noqa: RUF001  # as word processors write it
        ("'t Hooft", "'t Hooft"),
        ("O'Neil", "O'Neil"),
    ]
    + [
        ("NULL", ""),
        ("Null", "Null"),
        ("无", ""),
        ("無", ""),
        ("[null]", ""),
        ("(空白)", ""),
        ("未知", ""),
        ("－－", ""),
        ("#GETTING_DATA", ""),
        ("########", ""),
        ("#1", "#1"),
        ("无锡", "无锡"),
        ("-", ""),
        ("=1+1", "=1+1"),
        ("'=1+1", "=1+1"),
    ],
)
def test_what_a_cell_means(cell, meant):
    assert plain_text(cell) == in_database(cell, nothing=True) == meant


def test_words_for_nothing_are_never_a_name(tmp_path):
    cells = ["NULL", "\\N", "#N/A", "nan", "无", "-", "N/A"]
    lines = [
        "member_id,name,region,mobile",
        *(f"Q{place},{word},{word},{word}" for place, word in enumerate(cells)),
    ]
    assert take(tmp_path, "members", "\n".join(lines) + "\n").added == len(cells)
    assert set(Member.objects.values_list("name", "region", "mobile")) == {("", "", None)}


def test_they_are_texts_where_the_source_is_said_to_mean_them(tmp_path):
    take(tmp_path, "members", row("members", name="无", region="-"), options=ReadingOptions(nothing="text"))
    assert Member.objects.values_list("name", "region").get() == ("无", "-")


@pytest.mark.parametrize("cell", ['"=""00012"""', "'00012", '="00012"'])
def test_an_id_that_a_spreadsheet_keeps_as_text_is_that_id(tmp_path, cell):
    assert take(tmp_path, "members", f"member_id,name\n{cell},甲\n").added == 1
    assert Identity.objects.get().value == "00012"
