"""The liability from points by cohort of earning month, kept day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from members.loyalty.models import PointsCohort
from members.loyalty.points.reports.revenue import recognised

_sql = sql_beside(__file__)
MATURE = 1_000  # points that must be redeemed or lapsed before their share tells what to expect


@dataclass(frozen=True)
class Cohort:
    """The points of a month and what they are worth: `deferred` when issued, `recognised` so far."""

    row: PointsCohort
    deferred: Decimal
    recognised: Decimal

    @property
    def liability(self) -> Decimal:
        """What is still deferred."""
        return self.deferred - self.recognised

    @property
    def breakage(self) -> int:
        """Points that are expected never to be redeemed."""
        return round((1 - self.row.expected) * (self.row.issued - self.row.taken_back))


def store_cohorts(programme_id: int, *, now: datetime) -> int:
    """Compute the cohorts of a programme as of today, replacing those of today; returns their number.

    A full read of the lots: nightly. The expected share is that of points redeemed among those redeemed or
    lapsed so far; while they are few, all points are expected to be redeemed.
    """
    given: dict[str, Any] = {"programme": programme_id, "as_of": day_of(now), "now": now, "mature": MATURE}
    with connection.cursor() as cursor:
        cursor.execute(_sql("cohorts"), given)
        return cursor.rowcount


def cohorts(programme_id: int, as_of: date | None = None) -> list[Cohort]:
    """The cohorts as of a day (None: the latest stored), the latest month first."""
    rows = PointsCohort.objects.filter(programme=programme_id)
    day = as_of or rows.order_by("-as_of").values_list("as_of", flat=True).first()
    return [_valued(row) for row in rows.filter(as_of=day).order_by("-month")] if day else []


def _valued(row: PointsCohort) -> Cohort:
    kept = row.issued - row.taken_back
    expected = max(kept * row.expected, Decimal(row.redeemed))
    expected = min(expected, Decimal(kept - row.lapsed))
    deferred = (kept * row.expected * row.value).quantize(Decimal("0.01"))
    return Cohort(row, deferred, recognised(deferred, row.redeemed, expected))
