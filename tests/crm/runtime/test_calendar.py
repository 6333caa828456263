"""Working days and hours against the published calendar, and their laws for any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from crm.runtime import calendar
from crm.runtime.calendar import BadHours, Calendar, Hours, NoWorkingTime, parse_hours
from crm.runtime.models import CalendarDay

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = parse_hours(["09:00-12:00", "13:30-18:00"])
CHINA = Calendar(calendar.published(), HOURS, SHANGHAI)

FIRST, LAST = (datetime.fromisoformat(text) for text in ("2003-06-01", "2028-06-01"))
days = st.dates(date(2003, 6, 1), date(2028, 6, 1))
instants = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
amounts = st.timedeltas(timedelta(0), timedelta(days=20))
calendars = st.builds(
    Calendar,
    st.dictionaries(days, st.booleans(), max_size=20),
    st.sampled_from([HOURS, parse_hours(["00:30-23:30"]), parse_hours(["02:10-03:00", "22:00-23:59:59"])]),
    st.sampled_from([SHANGHAI, ZoneInfo("Europe/Prague"), ZoneInfo("America/New_York")]),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_every_published_day_agrees_with_the_package():
    day = date(2004, 1, 1)
    while day <= date(2026, 12, 31):
        assert CHINA.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_a_holiday_a_make_up_day_and_a_year_nobody_published():
    assert not CHINA.is_working_day(date(2025, 10, 1))  # National Day, a Wednesday
    assert CHINA.is_working_day(date(2025, 9, 28))  # a Sunday worked for it
    assert CHINA.is_working_day(date(2003, 10, 1))  # before the package: the week's rule
    assert not CHINA.is_working_day(date(2031, 10, 4))  # after it: a Saturday


def test_working_days_pass_over_the_golden_week():
    assert CHINA.add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert CHINA.add_working_days(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert CHINA.add_working_days(date(2025, 10, 4), 0) == date(2025, 10, 9)
    assert CHINA.add_working_days(date(2025, 10, 9), 0) == date(2025, 10, 9)


@pytest.mark.parametrize(
    ("at", "minutes", "then"),
    [
        ("2025-11-03 11:50", 20, "2025-11-03 13:40"),  # over lunch
        ("2025-11-03 11:50", 10, "2025-11-03 12:00"),  # ends with the span, not at the next
        ("2025-11-07 17:30", 60, "2025-11-10 09:30"),  # over the weekend
        ("2025-09-30 18:00", 0, "2025-10-09 09:00"),  # closed: the next working instant
        ("2025-11-03 10:00", 0, "2025-11-03 10:00"),
    ],
)
def test_working_time_is_added(at, minutes, then):
    assert CHINA.add_working_time(local(at), timedelta(minutes=minutes)) == local(then)


def test_working_time_between_counts_hours_worked_only():
    between = CHINA.working_time_between
    assert between(local("2025-11-03 00:00"), local("2025-11-04 00:00")) == timedelta(hours=7.5)
    assert between(local("2025-11-10 09:30"), local("2025-11-07 17:30")) == timedelta(hours=-1)


@given(calendars, days, st.integers(-40, 40).filter(bool))
def test_the_nth_working_day_has_n_working_days_up_to_it(cal, day, n):
    then = cal.add_working_days(day, n)
    step = 1 if n > 0 else -1
    between = [day + timedelta(days=i * step) for i in range(1, abs((then - day).days) + 1)]
    assert sum(map(cal.is_working_day, between)) == abs(n)
    assert cal.is_working_day(then)


@given(calendars, instants, amounts)
def test_adding_and_measuring_agree(cal, at, amount):
    then = cal.add_working_time(at, amount)
    assert then >= at
    assert cal.working_time_between(at, then) == amount


@given(calendars, instants, amounts)
def test_nothing_earlier_would_do(cal, at, amount):
    then = cal.add_working_time(at, amount)
    if amount and then - timedelta(microseconds=1) >= at:
        assert cal.working_time_between(at, then - timedelta(microseconds=1)) < amount


@given(calendars, st.lists(instants, min_size=3, max_size=3))
def test_working_time_adds_up(cal, three):
    a, b, c = sorted(
        t.replace(year=2025) if (t.month, t.day) != (2, 29) else t.replace(year=2024) for t in three
    )
    whole = cal.working_time_between(a, c)
    assert whole == cal.working_time_between(a, b) + cal.working_time_between(b, c)
    assert whole == -cal.working_time_between(c, a)


def test_a_calendar_without_work_is_named_and_does_not_hang():
    never = Calendar({date(2024, 1, 1) + timedelta(days=i): False for i in range(4000)}, HOURS, SHANGHAI)
    with pytest.raises(NoWorkingTime):
        never.add_working_days(date(2024, 1, 1), 1)


@pytest.mark.parametrize("text", ["9-12", "12:00-09:00", "09:00", "", "09:00-12:00-13:00"])
def test_bad_hours_are_named(text):
    with pytest.raises(BadHours, match=text or "''"):
        parse_hours([text])


def test_overlapping_hours_are_refused():
    with pytest.raises(BadHours, match="overlap"):
        parse_hours(["09:00-12:00", "11:00-13:00"])
    assert parse_hours(["09:00-12:00", "12:00-13:00"])[1] == Hours(time(12), time(13))


@pytest.mark.parametrize("call", ["add", "between"])
def test_naive_instants_are_refused(call):
    naive = datetime(2025, 1, 1)  # noqa: DTZ001 (that is the point)
    with pytest.raises(ValueError, match="aware"):
        if call == "add":
            CHINA.add_working_time(naive, timedelta(0))
        else:
            CHINA.working_time_between(naive, naive)


@pytest.mark.django_db
def test_rows_win_over_the_package_and_loading_is_one_query(django_assert_num_queries):
    CalendarDay.objects.create(day=date(2025, 10, 2), is_working=True, name="stocktaking")
    with django_assert_num_queries(1):
        cal = calendar.load()
        assert cal.is_working_day(date(2025, 10, 2))
        assert not cal.is_working_day(date(2025, 10, 3))
        assert cal.hours == HOURS


@pytest.mark.django_db
def test_filling_a_year_keeps_what_staff_changed(capsys):
    CalendarDay.objects.create(day=date(2025, 10, 1), is_working=True, name="open after all")
    call_command("fill_calendar", "2025")
    added = calendar.load()
    assert added.is_working_day(date(2025, 10, 1))
    assert CalendarDay.objects.get(day=date(2025, 9, 28)).is_working
    assert calendar.fill(2025) == 0
    with pytest.raises(CommandError, match="1999.*2004"):
        call_command("fill_calendar", "1999")
