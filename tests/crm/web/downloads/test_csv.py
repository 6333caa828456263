"""Nothing runs in a spreadsheet, every text comes back exactly, rows leave as they come."""

import csv as reading
import io
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from hypothesis import example, given
from hypothesis import strategies as st

from crm.web.downloads import csv
from crm.web.responses import attachment

BEGINNINGS = "=+-@\t\r\n＝＋－＠"
TEXTS = st.text(st.sampled_from("=＝+-@'\t\n \u3000,;\"aé王")) | st.text()


def read(chunks) -> list[list[str]]:
    text = b"".join(chunks).decode("utf-8-sig")
    return list(reading.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("beginning", BEGINNINGS)
def test_what_begins_like_a_formula_is_text(beginning):
    assert csv.guard(f"{beginning}1") == f"'{beginning}1"
    assert csv.guard(f"1{beginning}") == f"1{beginning}"


@given(TEXTS)
@example(" \t1")
def test_the_guard_is_taken_off_exactly(text):
    guarded = csv.guard(text)
    assert csv.unguard(guarded) == text
    assert not guarded.strip(" \u3000").startswith(tuple(BEGINNINGS))


@given(st.lists(st.lists(TEXTS.filter(lambda text: "\0" not in text), min_size=2, max_size=3)))
def test_every_row_comes_back(rows):
    encodable = [[cell.encode(errors="replace").decode() for cell in row] for row in rows]
    assert [[csv.unguard(cell) for cell in row] for row in read(csv.encode(encodable))] == encodable


def test_numbers_are_numbers_and_a_label_is_guarded_in_its_language():
    row = [Decimal("-1.50"), -3, None, gettext_lazy("- none")]
    assert read(csv.encode([row])) == [["-1.50", "-3", "", "'- none"]]


def test_an_empty_file_still_has_its_mark():
    assert b"".join(csv.encode([])) == b"\xef\xbb\xbf"


def test_rows_leave_while_others_are_still_to_come():
    taken = []

    def rows():
        for number in range(10_000):
            taken.append(number)
            yield [f"{number:0100}"]

    chunks = csv.encode(rows())
    assert len(next(chunks)) >= csv.CHUNK
    assert len(taken) < 1000


def test_a_download_is_made_in_the_language_it_was_asked_in_and_names_its_file():
    with translation.override("zh-hans"):
        answer = attachment((str(gettext_lazy("Member")).encode() for _ in "a"), "会员.csv", csv.CONTENT_TYPE)
    assert answer.getvalue().decode() == "会员"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == "attachment; filename*=utf-8''%E4%BC%9A%E5%91%98.csv"
