"""Working days and working time of the platform.

The week's rule (Monday to Friday) is changed by public holidays and make-up workdays: those of mainland
China from the package `chinesecalendar` (2004 to its last published year), then by CalendarDay rows,
which win. Outside the years of the package the week's rule stands alone. Load a Calendar once and ask
it as often as needed: it holds no connection and makes no query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from chinese_calendar import constants
from django.conf import settings

from crm.runtime import clock
from crm.runtime.models import CalendarDay

SATURDAY = 5
SEARCH_DAYS = 3660  # a calendar without a working day in ten years is a mistake, not a long holiday
NOTHING = timedelta(0)


class BadHours(ValueError):
    """Working hours that cannot be read, overlap, or are out of order."""


class UnknownYear(ValueError):
    """No calendar of this year is published yet; it covers the years from `first` to `last`."""

    def __init__(self, year: int, first: int, last: int) -> None:
        super().__init__(f"{year}: the published calendar covers {first} to {last}")
        self.year, self.first, self.last = year, first, last


class NoWorkingTime(ValueError):
    """The calendar has no working day (or hour) within ten years."""


@dataclass(frozen=True)
class Hours:
    """One span of working time in platform time, from `start` up to, not including, `end`."""

    start: time
    end: time


def parse_hours(texts: Sequence[str]) -> tuple[Hours, ...]:
    """Spans such as ["09:00-12:00", "13:30-18:00"]. Raises BadHours naming the text."""
    spans: list[Hours] = []
    for text in texts:
        try:
            start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
        except ValueError as error:
            raise BadHours(f"{text!r} is not a span such as 09:00-12:00") from error
        if start >= end or (spans and start < spans[-1].end):
            raise BadHours(f"{text!r}: spans run forward, in order, without overlap")
        spans.append(Hours(start, end))
    if not spans:
        raise BadHours("no working hours are given")
    return tuple(spans)


@dataclass(frozen=True)
class Calendar:
    """Which days and hours are worked; `exceptions` says it of single days, the week's rule of the rest."""

    exceptions: Mapping[date, bool]
    hours: tuple[Hours, ...]
    zone: ZoneInfo

    def is_working_day(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < SATURDAY)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after (n < 0: before) a day; n = 0: the day itself or, if free, the next.

        Raises NoWorkingTime.
        """
        step = timedelta(days=-1 if n < 0 else 1)
        if n == 0:
            day, n = day - step, 1
        left, since = abs(n), 0
        while left:
            day += step
            since += 1
            if self.is_working_day(day):
                left, since = left - 1, 0
            elif since > SEARCH_DAYS:
                raise NoWorkingTime(f"no working day in the {SEARCH_DAYS} days up to {day}")
        return day

    def add_working_time(self, at: datetime, amount: timedelta) -> datetime:
        """The earliest instant (UTC) by which `amount` of working time has passed since `at`.

        An amount of zero gives `at` if that is working time, else the next working instant. Raises
        ValueError on a negative amount or a naive instant, NoWorkingTime where nothing is worked.
        """
        if amount < NOTHING or at.tzinfo is None:
            raise ValueError("add_working_time takes an aware instant and an amount that is not negative")
        left = amount
        for start, end in self._spans(at):
            begin = max(start, at)
            if left <= end - begin:
                return (begin + left).astimezone(UTC)
            left -= end - begin
        raise NoWorkingTime("the calendar ends")

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from a to b; negative when b is earlier. Both aware, else ValueError."""
        if a.tzinfo is None or b.tzinfo is None:
            raise ValueError("working_time_between takes aware instants")
        if b < a:
            return -self.working_time_between(b, a)
        passed, day, last = NOTHING, self._day(a), self._day(b)
        while day <= last:
            for start, end in self._spans_of(day):
                passed += max(min(end, b) - max(start, a), NOTHING)
            day += timedelta(days=1)
        return passed

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The working spans of a day in UTC; a span that a change of the clocks swallows is left out."""
        if not self.is_working_day(day):
            return []
        spans = [
            (
                datetime.combine(day, span.start, self.zone).astimezone(UTC),
                datetime.combine(day, span.end, self.zone).astimezone(UTC),
            )
            for span in self.hours
        ]
        return [(start, end) for start, end in spans if start < end]

    def _spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Working spans from the day of `at` on, without end; those already over are left out."""
        day = self._day(at)
        while True:
            day = self.add_working_days(day, 0)
            yield from (span for span in self._spans_of(day) if span[1] > at)
            day += timedelta(days=1)


@cache
def published() -> Mapping[date, bool]:
    """The exceptions that the package knows: False for a holiday, True for a make-up workday."""
    return {**dict.fromkeys(constants.holidays, False), **dict.fromkeys(constants.workdays, True)}


def load() -> Calendar:
    """The platform's calendar as it stands, in one query."""
    rows = dict(CalendarDay.objects.values_list("day", "is_working"))
    return Calendar({**published(), **rows}, parse_hours(settings.WORKING_HOURS), clock.zone())


def fill(year: int) -> int:
    """Write a year's published holidays and make-up days as rows that staff can edit; edited days are kept.

    Returns how many days were added. Raises UnknownYear.
    """
    english = {**constants.holidays, **constants.workdays}
    days = [day for day in published() if day.year == year]
    if not days:
        first, last = min(english).year, max(english).year
        raise UnknownYear(year, first, last)
    before = CalendarDay.objects.count()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                day=day,
                is_working=published()[day],
                name=constants.Holiday(english[day]).chinese,
                name_en=english[day],
            )
            for day in days
        ],
        ignore_conflicts=True,
    )
    return CalendarDay.objects.count() - before
