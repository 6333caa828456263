"""The assets of one member over time, with the days of stage changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from crm.web.charts import Curve, curve
from crm.web.responses import BadQuery
from members.lifecycle.models import Stage, Transition

DAYS = 365
MOST = 366  # points of the line; a longer history is thinned to the last of each range of days
LISTED = 24  # rows of the table under it
LABEL_APART = 0.09  # of the span; closer marks keep their line and lose their label


@dataclass(frozen=True)
class Range:
    """How far back the curve goes; `days` None: to the first day with assets."""

    key: str
    label: str | Promise
    days: int | None


RANGES = (
    Range("3m", gettext_lazy("3 months"), 91),
    Range("1y", gettext_lazy("1 year"), DAYS),
    Range("all", gettext_lazy("All"), None),
)
_DEFAULT = RANGES[1]
_SQL = sql_beside(__file__)("aum_curve")
Points = list[tuple[date, Decimal]]


@dataclass(frozen=True)
class AssetHistory:
    """Assets by day; the day of the last valuation (None: there is none) and the import that wrote it."""

    points: Points
    valued_on: date | None = None
    import_id: int | None = None


def assets_over_time(member_id: int, now: datetime, days: int | None = DAYS) -> AssetHistory:
    """(day, assets) on each day of the last `days` (None: all) on which they changed, and today. One query.

    A valuation covers its whole day; buys and redemptions add up from the day after. Never below 0.
    """
    today = day_of(now)
    start = today - timedelta(days=days) if days else date.min.replace(year=1900)
    values: dict[str, Any] = {
        "member": member_id,
        "start": start,
        "today": today,
        "now": now,
        "zone": settings.BUSINESS_TIME_ZONE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        rows = cursor.fetchall()
    valued = {day: import_id for day, level, _flow, import_id in rows if level is not None}
    running, points = Decimal(0), {}
    for day, level, flow, _import in rows:
        if level is not None:
            running = level
        elif day not in valued:
            running += flow
        points[max(day, start)] = max(running, Decimal(0))
    if points:
        points[today] = max(running, Decimal(0))
    last = max(valued, default=None)
    return AssetHistory(sorted(points.items()), last, valued[last] if last else None)


def parse_range(key: str) -> Range:
    """The range of a query string; a year where it names none. Raises BadQuery."""
    if not key:
        return _DEFAULT
    for one in RANGES:
        if one.key == key:
            return one
    raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "range"})


def draw(points: Points, transitions: Sequence[Transition]) -> Curve | None:
    """The curve, with a mark for each stage change; None where there is too little to draw.

    The line has MOST points, the table below it LISTED rows, the latest of each range of days.
    """
    marks = sorted(
        (day_of(row.effective_at), row.to_stage, str(Stage(row.to_stage).label))
        for row in transitions
        if row.superseded_at is None and row.to_stage and row.to_stage != row.from_stage
    )
    drawn = curve(thinned(points, MOST), _spaced(marks, points), steps=True)
    return replace(drawn, points=tuple(thinned(points, LISTED))) if drawn else None


def thinned(points: Points, most: int) -> Points:
    """About `most` of the points: the last one of each equal range of days, and the first of all."""
    if len(points) <= most:
        return points
    start, width = points[0][0], max((points[-1][0] - points[0][0]).days / (most - 1), 1)
    kept = {int((day - start).days / width): (day, amount) for day, amount in points}
    return [points[0], *(point for point in kept.values() if point != points[0])]


def _spaced(marks: list[tuple[date, str, str]], points: Points) -> list[tuple[date, str, str]]:
    """The marks with labels only where there is room."""
    if not points:
        return []
    room = (points[-1][0] - points[0][0]).days * LABEL_APART
    spaced: list[tuple[date, str, str]] = []
    labelled: list[date] = []
    for day, key, label in marks:
        # Two labels close together take two lines; there is no room for a third.
        fits = len(labelled) < 2 or (day - labelled[-2]).days >= room
        spaced.append((day, key, label if fits else ""))
        labelled += [day] * fits
    return spaced
