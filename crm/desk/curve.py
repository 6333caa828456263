"""Assets of one member over time, with the days on which the member changed stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from crm.runtime.clock import day_of
from crm.web.charts import Curve, curve
from members.lifecycle.models import Stage, Transition

DAYS = 365
_SQL = (Path(__file__).parent / "sql" / "curve.sql").read_text()
Points = list[tuple[date, Decimal]]


def assets_over_time(member_id: int, now: datetime, days: int = DAYS) -> Points:
    """(day, assets) on each day of the last `days` on which they changed, and today; one query.

    A valuation covers the whole of its day; buys and sells add up from the day after it. Never below 0.
    """
    today = day_of(now)
    start = today - timedelta(days=days)
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
    valued = {day for day, level, _ in rows if level is not None}
    running, points = Decimal(0), {}
    for day, level, flow in rows:
        if level is not None:
            running = level
        elif day not in valued:
            running += flow
        points[max(day, start)] = max(running, Decimal(0))
    if points:
        points[today] = max(running, Decimal(0))
    return sorted(points.items())


def draw(points: Points, moves: Sequence[Transition]) -> Curve | None:
    """The curve, with a mark for each change of stage; None where there is too little to draw."""
    marks = sorted(
        (day_of(move.effective_at), move.to_stage, str(Stage(move.to_stage).label))
        for move in moves
        if move.superseded_at is None and move.to_stage and move.to_stage != move.from_stage
    )
    return curve(points, marks, steps=True)
