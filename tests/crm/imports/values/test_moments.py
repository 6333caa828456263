"""Days and instants as people's files have them; nothing is guessed where two readings are possible."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from crm.imports.options import ReadingOptions
from crm.imports.values.texts import FUNCTIONS
from crm.runtime.clock import day_of
from members.portfolio.models import Transaction
from members.profiles.models import Member
from tests.crm.imports.files import first, row, take
from tests.harness.examples import examples

pytestmark = pytest.mark.django_db

READ = [
    ("2026/3/5", "2026-03-05"),
    ("2026/03/05 9:30", "2026-03-05 09:30:00"),
    ("2026-3-5", "2026-03-05"),
    ("2026.03.05", "2026-03-05"),
    ("2026年3月5日", "2026-03-05"),
    ("2026年3月5日 10时20分30秒", "2026-03-05 10:20:30"),
    ("2026年3月5日 星期四 下午2点5分", "2026-03-05 14:05:00"),
    ("2026年03月05日10:20", "2026-03-05 10:20:00"),
    ("２０２６／０３／０５　１０：２０", "2026-03-05 10:20:00"),
    ("20260305", "2026-03-05"),
    ("20260305102030", "2026-03-05 10:20:30"),
    ("20260305 102030", "2026-03-05 10:20:30"),
    ("20260305 10:20", "2026-03-05 10:20:00"),
    ("2026-03-05T10:00:00,123", "2026-03-05 10:00:00.123"),
    ("2026-03-05t10:00:00z", "2026-03-05 10:00:00Z"),
    ("2026/3/5 10:00 +0800", "2026-03-05 10:00:00+0800"),
    ("2026/3/5 10:00:00 UTC+8", "2026/3/5 10:00:00 UTC+8"),
    ("2026/3/5 12:05 AM", "2026-03-05 00:05:00"),
    ("2026/3/5 上午10:20:30", "2026-03-05 10:20:30"),
    ("13/03/2026", "2026-03-13"),
    ("03/13/2026 10:20", "2026-03-13 10:20:00"),
    ("5-Mar-2026", "2026-03-05"),
    ("5 March 2026 10:20", "2026-03-05 10:20:00"),
    ("March 5, 2026", "2026-03-05"),
    ("Thu 5 Mar 2026", "2026-03-05"),
    ("2026-Mar-05", "2026-03-05"),
    ("2026/March/5 10:20", "2026-03-05 10:20:00"),
    ("2026-3-1²", "2026-3-1²"),
    ("03/04/2026", "03/04/2026"),
    ("26/3/5", "26/3/5"),
    ("46086", "46086"),
    ("1772676000", "1772676000"),
    ("2026-03", "2026-03"),
    ("2026年3月5日abc", "2026年3月5日abc"),
    ("昨天", "昨天"),
]


def moment(text: str, dates: str = "", *, serial: bool = False) -> str:
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute("SELECT pg_temp.imports_moment(%s, %s, %s)", [text, dates, serial])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(("text", "usual"), READ)
def test_a_form_that_says_one_thing_is_read(text, usual):
    assert moment(text) == usual


def test_the_order_that_was_chosen_decides_and_what_is_no_date_in_it_is_not_read():
    assert (moment("03/04/2026", "day"), moment("03/04/2026", "month")) == ("2026-04-03", "2026-03-04")
    assert moment("3.4.2026 8:00", "day") == "2026-04-03 08:00:00"


def test_day_numbers_are_read_only_where_the_column_is_said_to_hold_them():
    assert moment("46054", serial=True) == "2026-02-01"
    assert moment("46054.4166666667", serial=True) == "2026-02-01 10:00:00"
    assert moment("0", serial=True) == "0"
    assert moment("2026/2/1", serial=True) == "2026-02-01"


@examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["{y}/{m}/{d}", "{y}年{m}月{d}日", "{y}.{m}.{d}"]),
)
def test_every_day_written_year_first_is_that_day(day, form):
    assert moment(form.format(y=day.year, m=day.month, d=day.day)) == day.isoformat()


@pytest.mark.parametrize("midnight", [" 00:00:00", " 00:00:00.0", "T00:00:00.000", " 0:00"])
def test_a_day_may_have_its_midnight_behind_it(tmp_path, midnight):
    take(tmp_path, "members", row("members", birth_date=f"1990-05-01{midnight}"))
    assert Member.objects.get().birth_date.isoformat() == "1990-05-01"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0000-00-00", "0000-00-00 means no date; leave the cell empty"),
        ("0000-00-00 00:00:00", "0000-00-00 means no date; leave the cell empty"),
        ("1900-01-00", "1900-01-00 means no date; leave the cell empty"),
        ("1900/1/0", "1900-01-00 means no date; leave the cell empty"),
        ("NULL", "is required; this value counts as empty"),
        ("03/04/2026", "day or month first? Choose the date order"),
        ("26/3/5", "the year has two digits; write all four"),
        ("5-Mar-26", "the year has two digits; write all four"),
        ("1772676000", "seconds since 1970; convert them to dates first"),
    ],
)
def test_what_is_no_date_is_named(tmp_path, text, why):
    take(tmp_path, "members", row("members"), name="members.csv")
    assert first(take(tmp_path, "transactions", row("transactions", at=text))) == (2, "at", why)


def test_a_file_is_read_as_its_source_was_decided(tmp_path):
    take(tmp_path, "members", row("members"), name="members.csv")
    lines = ["transaction_id,member_id,at,kind,amount"]
    lines += ["a,U1,03/04/2026,申购,1", "b,U1,46054.5,赎 回,1", "c,U1,2026年2月1日,定投,1"]
    options = ReadingOptions(dates="day", serials=("at",))
    result = take(tmp_path, "transactions", "\n".join(lines) + "\n", options=options)
    assert result.added == 3, result.rejects
    assert result.words == {"kind": {"申购": "buy", "赎 回": "redemption", "定投": "plan_debit"}}
    found = Transaction.objects.order_by("id").values_list("at", "kind")
    assert [f"{day_of(at)} {kind}" for at, kind in found] == [
        "2026-04-03 buy",
        "2026-02-01 redemption",
        "2026-02-01 buy",
    ]
