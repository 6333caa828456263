"""One normal form per kind of text, the same in Python and in the database."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from crm.runtime.text.normal_form import (
    FORMS,
    are_regular,
    has_usual_signs,
    identifier,
    is_rounded,
    line,
    lines,
    normal_sql,
    rounded_sql,
)
from tests.harness.examples import examples

BLANKS = [
    " ",
    "\t",
    "\v",
    "\f",
    "\x1c",
    "\x1f",
    "\x85",
    "\xa0",
    "\u1680",
    "\u2000",
    "\u2007",
    "\u2009",
    "\u200a",
]
BLANKS += ["\u2028", "\u2029", "\u202f", "\u205f", "\u2800", "\u3000", "\u3164", "\uffa0", "\u115f"]
BREAKS = ["\n", "\r", "\r\n"]
UNSEEN = [
    "\x01",
    "\x7f",
    "\x80",
    "\x9f",
    "\xad",
    "\u034f",
    "\u061c",
    "\u180e",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
]
UNSEEN += [
    "\u200f",
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2060",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
]
UNSEEN += ["\u206f", "\ufeff", "\ufff9", "\U0001d173", "\U000e0001", "\U000e0041", "\U000e007f"]
VARIANTS = ["\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef"]
SIGNS = [
    "a",
    "É",
    "e",
    "\u0301",
    "\u0308",
    "\u030c",
    "\u3099",
    "ü",
    "ﬀ",
    "Å",
    "\u212b",
    "１",
    "Ａ",
    "％",
    "＇",
    "＼",
]
SIGNS += [
    "～",
    "｡",
    "。",
    "ｶ",
    "ﾞ",
    "張",
    "张",
    "\uf9d1",
    "豈",
    "각",
    "\u1100",
    "\u1161",
    "\u11a8",
    "😀",
    "𠮷",
    "\\",
    "'",
    "%",
]
AWKWARD = st.lists(st.sampled_from(BLANKS + BREAKS + UNSEEN + VARIANTS + SIGNS), max_size=12).map("".join)
ANY = st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0"), max_size=12)


def in_database(expression: str, texts: list[str]) -> list[object]:
    """What an SQL expression over `v` makes of texts."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {expression} FROM unnest(%s::text[]) WITH ORDINALITY AS t (v, n) ORDER BY n", [texts]
        )
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize("form", FORMS)
@given(st.lists(AWKWARD | ANY, min_size=1, max_size=40))
@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(BLANKS + BREAKS + UNSEEN + VARIANTS + SIGNS)
@example([f"a{sign}b" for sign in BLANKS + BREAKS + UNSEEN + VARIANTS])
def test_python_and_the_database_say_the_same(form, texts):
    expected = [FORMS[form](text) or None for text in texts]
    assert in_database(normal_sql(form, "v"), texts) == expected


@pytest.mark.django_db
def test_they_say_the_same_of_every_sign():
    signs = [chr(code) for code in range(1, 0x30000) if not 0xD800 <= code < 0xE000]
    signs += [chr(code) for code in range(0xE0000, 0xE1000)]
    texts = [f" {sign}a{sign}" for sign in signs]
    for form in ("id", "line"):
        made = in_database(normal_sql(form, "v"), texts)
        assert not [s for s, t, m in zip(signs, texts, made, strict=True) if (FORMS[form](t) or None) != m]


@given(AWKWARD | ANY)
@examples(200)
def test_a_normal_form_is_its_own(text):
    for form in FORMS.values():
        assert form(form(text)) == form(text)


@given(st.lists(AWKWARD | ANY | st.sampled_from(["张三", "a b", "José"]), max_size=4))
@examples(200)
def test_what_counts_as_regular_is_left_as_it_is(texts):
    if are_regular(texts):
        assert all(form(text) == text for form in FORMS.values() for text in texts)
    for text in texts:
        if has_usual_signs(text) and "\n" not in text and "  " not in text and text == text.strip(" "):
            assert all(form(text) == text for form in FORMS.values())


def test_ordinary_rows_are_regular():
    assert are_regular(
        ["U1", "张三", "", "San José · 店", "2026-05-01 10:00:00", "买入（定投）"[:2], "a,b;c"]
    )


@pytest.mark.parametrize("sign", BLANKS + UNSEEN + BREAKS)
def test_what_stands_around_goes_and_what_is_unseen_goes(sign):
    assert identifier(f"{sign}B-1{sign}") == line(f"{sign}B-1{sign}") == lines(f"{sign}B-1{sign}") == "B-1"
    inner = " " if sign in BLANKS + BREAKS else ""
    assert line(f"张{sign}三") == f"张{inner}三"


def test_what_each_form_keeps():
    assert identifier("Ｂ－１（７）") == "B-1(7)"
    assert line("Ｍary （甲）") == "Ｍary （甲）"
    assert lines(" a\u3000 b\r\n\r\nc ") == "a b\r\n\r\nc"
    assert FORMS["outer"]('\ufeff {"a":  "\u3000"}\t') == '{"a":  "\u3000"}'
    assert line("\u202egnp.exe\u202c") == "gnp.exe"


ROUNDED = [
    "6.22202E+18",
    "6,22202E+18",
    "6.22202E18",
    "1.23e+05",
    "1E+05",
    "-1.5E+10",
    "9.0E-5",
    "6.22202e+018",
]
WHOLE = ["1E5", "6.22202", "E+18", "AE+18", "1.2.3E+4", "12E+5", "1.2E+1234", "", "1.E+5", "U1.2E+5", "0E1"]


@pytest.mark.django_db
def test_numbers_made_by_a_spreadsheet_are_told():
    assert all(map(is_rounded, ROUNDED))
    assert not any(map(is_rounded, WHOLE))
    assert in_database(rounded_sql("v"), ROUNDED + WHOLE) == [True] * len(ROUNDED) + [False] * len(WHOLE)
