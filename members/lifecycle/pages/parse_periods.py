"""Parse the months and weeks of a query string."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from crm.runtime import clock
from crm.web.responses import BadQuery
from members.lifecycle.counts.periods import Month, Week


def parse_month(text: str, today: date) -> Month:
    """A month written as 2026-11, at the latest this one; empty is this month. Raises BadQuery."""
    if not text:
        return Month(today.replace(day=1))
    try:
        first = clock.parse(f"{text}-01").astimezone(clock.zone()).date() if len(text) == 7 else None
    except (clock.BadInstant, OverflowError):
        first = None
    if first is None or first.year < 1970 or first > today:
        raise BadQuery(_("Invalid month: %(month)s") % {"month": text[:20]})
    return Month(first)


def parse_week(text: str, today: date) -> Week:
    """The week that ends with a past day, written as 2026-11-21. Raises BadQuery."""
    try:
        last = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        last = None
    if last is None or last.year < 1970 or last >= today:
        raise BadQuery(_("Invalid date: %(day)s") % {"day": text[:20]})
    return Week(last)
