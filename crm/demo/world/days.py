"""The simulated span of days: which of them trade, and what instants in them look like."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import chinese_calendar

SPAN = 1096  # three years of days, the last of them the day before "today"
SATURDAY = 5

# How many people are on their phones at each hour of the day, evenings first.
_AT_HOUR = (2, 1, 1, 1, 1, 2, 4, 8, 12, 15, 14, 12, 15, 13, 12, 11, 10, 11, 14, 19, 25, 26, 17, 7)
_CUMULATIVE_HOURS = [sum(_AT_HOUR[: hour + 1]) for hour in range(24)]
_HOURS = range(24)


def trades_on(day: date) -> bool:
    """Whether orders are executed: weekdays that are no public holiday; never a weekend, worked or not."""
    if day.weekday() >= SATURDAY:
        return False
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # a year whose holidays are not announced yet
        return True


class Days:
    """Day numbers 0 … SPAN-1; the day `today` itself is not simulated."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.dates = [today - timedelta(days=SPAN - number) for number in range(SPAN)]
        self.texts = [day.isoformat() for day in self.dates]
        self.last = SPAN - 1
        self.trading = [trades_on(day) for day in self.dates]
        self.next_trading = self._next_trading()

    def _next_trading(self) -> list[int]:
        """For each day the first trading day from it on; SPAN where that lies beyond the span."""
        following, found = SPAN, [0] * SPAN
        for number in range(SPAN - 1, -1, -1):
            if self.trading[number]:
                following = number
            found[number] = following
        return found

    def number(self, day: date) -> int:
        """The number of a day, which may lie outside the span."""
        return (day - self.dates[0]).days

    def at(self, number: int, second: int) -> str:
        """ISO 8601 instant with offset, `second` seconds into the day."""
        return f"{self.texts[number]}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}+08:00"


def leisure_second(rng: Random) -> int:
    """A second of the day as people use an app: evening peak, quiet night."""
    hour = rng.choices(_HOURS, cum_weights=_CUMULATIVE_HOURS)[0]
    return hour * 3600 + int(rng.random() * 3600)


def trading_second(rng: Random) -> int:
    """A second within the hours in which orders are taken, 09:30 to 15:00."""
    return 34_200 + int(rng.random() * 19_800)
