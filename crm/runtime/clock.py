"""The business clock. Only views, tasks and commands call now(); rules take the instant as an argument."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection


class BadInstant(ValueError):
    """A text that is neither an ISO 8601 date nor an instant."""


def zone() -> ZoneInfo:
    """The platform's time zone."""
    return ZoneInfo(settings.BUSINESS_TIME_ZONE)


def now() -> datetime:
    """The business now, aware, in UTC; fixed when BUSINESS_NOW is set (a date means the end of that day)."""
    if settings.BUSINESS_NOW:
        return parse(settings.BUSINESS_NOW, end_of_day=True)
    return datetime.now(UTC)


def parse(text: str, *, end_of_day: bool = False) -> datetime:
    """An ISO 8601 instant; without an offset it is platform time, a bare date is its first (or last) instant.

    Raises BadInstant naming the text.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is not None:
        return day_end(day) if end_of_day else day_start(day)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInstant(f"{text!r} is not an ISO 8601 date or instant") from error
    return (at if at.tzinfo else at.replace(tzinfo=zone())).astimezone(UTC)


def day_of(at: datetime) -> date:
    """The platform's calendar day of an instant."""
    return at.astimezone(zone()).date()


def day_start(day: date) -> datetime:
    """First instant of a platform day, in UTC."""
    return datetime.combine(day, time.min, zone()).astimezone(UTC)


def day_end(day: date) -> datetime:
    """Last microsecond of a platform day, in UTC."""
    return day_start(day + timedelta(days=1)) - timedelta(microseconds=1)


@cache
def fixed_offset_since(name: str) -> tuple[datetime, timedelta]:
    """From when on a zone keeps one offset for good, as far as its rules are known, and that offset.

    For a zone that still changes its clocks the instant lies in the far future.
    """
    zone = ZoneInfo(name)
    last = datetime(2100, 1, 1, tzinfo=UTC)
    at, offset = last, last.astimezone(zone).utcoffset()
    while at.year > 1850 and at.astimezone(zone).utcoffset() == offset:
        at -= timedelta(days=1)
    return at + timedelta(days=1), offset or timedelta()


def set_database_day(at: datetime) -> None:
    """Let triggers know the business day, until the end of the running transaction.

    Without it they cannot tell a valuation of today from one of the future, and mark more than needed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('perennial.today', %s, true)", [day_of(at).isoformat()])
