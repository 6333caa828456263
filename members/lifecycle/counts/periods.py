"""Calendar months and weeks of the platform, as spans of days and instants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.runtime.clock import day_start


def months_back(today: date, count: int) -> list[date]:
    """The first days of this month and the `count` months before it, oldest first."""
    months = []
    year, month = today.year, today.month
    for _ in range(count + 1):
        months.append(date(year, month, 1))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return months[::-1]


@dataclass(frozen=True)
class Month:
    """A calendar month of the platform, as a half-open span of instants."""

    first: date

    @property
    def start(self) -> datetime:
        return day_start(self.first)

    @property
    def end(self) -> datetime:
        return day_start(self.following)

    @property
    def following(self) -> date:
        year, month = self.first.year, self.first.month
        return date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)

    @property
    def preceding(self) -> date:
        year, month = self.first.year, self.first.month
        return date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1)


@dataclass(frozen=True)
class Week:
    """The seven platform days up to and with `last`, as a half-open span of instants."""

    last: date

    @property
    def first(self) -> date:
        return self.last - timedelta(days=6)

    @property
    def start(self) -> datetime:
        return day_start(self.first)

    @property
    def end(self) -> datetime:
        return day_start(self.last + timedelta(days=1))
