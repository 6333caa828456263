"""The stored values of the KPIs that a reader may see: of all members, the team's books or the own book."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from crm.insights.kpis.definition import Kpi, Unit
from crm.insights.kpis.registry import KPIS
from crm.insights.models import KpiTarget, KpiValue, Scope
from crm.runtime.local_names import local_name
from crm.staff.models import Role, Staff
from crm.web import charts
from members.lifecycle.counts.periods import Month, months_back
from members.profiles.models import Channel
from members.profiles.visibility import sees_everybody

SHOWN_MONTHS = 12  # before the one shown


@dataclass(frozen=True)
class KpiReading:
    """One KPI in one month: its stored row (None: not counted), the months before, and its target.

    The target is the one in force on the last counted day; where nothing is counted, on the month's last day.

    `trend` has a value for each of the shown months, oldest first, None where there is none.
    """

    kpi: Kpi
    row: KpiValue | None
    trend: tuple[Decimal | None, ...]
    target: Decimal | None

    @property
    def value(self) -> Decimal | None:
        return self.row.value if self.row else None

    @property
    def sparkline(self) -> charts.Sparkline | None:
        """The trend as a line."""
        digits = 3 if self.kpi.unit == Unit.SHARE else 1
        return charts.sparkline([None if value is None else round(value, digits) for value in self.trend])

    @property
    def spark_unit(self) -> str:
        """The unit as charts name it."""
        return str(self.kpi.unit) if self.kpi.unit in {Unit.SHARE, Unit.MONEY} else "number"

    @property
    def before(self) -> Decimal | None:
        """The value of the month before."""
        return self.trend[-2] if len(self.trend) > 1 else None

    @property
    def meets_target(self) -> bool | None:
        """None where there is no value or no target to compare."""
        return self.kpi.meets(self.value, self.target)

    @property
    def is_better(self) -> bool | None:
        """Whether the value is better than the month before; None where equal or not comparable."""
        if self.value is None or self.before is None or self.value == self.before:
            return None
        return (self.value > self.before) == self.kpi.higher_is_better


@dataclass(frozen=True)
class Board:
    """All KPIs of a month for one reader."""

    month: date
    months: tuple[date, ...]
    readings: tuple[KpiReading, ...]
    rows: dict[tuple[str, date], KpiValue]

    @property
    def through(self) -> date | None:
        """The last day that was counted in the month; None when nothing was."""
        return max((r.row.through for r in self.readings if r.row), default=None)

    @property
    def key(self) -> str:
        """A key that changes with the readings, under which rendered parts may be cached."""
        parts = [f"{row.pk}@{row.computed_at}" for row in self.rows.values()]
        parts += [str(reading.target) for reading in self.readings]
        return hashlib.sha256(f"{self.month} {' '.join(parts)}".encode()).hexdigest()

    def of_stage(self, stage: str) -> list[KpiReading]:
        return [reading for reading in self.readings if reading.kpi.stage == stage]

    def cohort(self, month: date) -> dict[str, KpiValue]:
        """The steps of the funnel of a month's cohort: registered, invested, matured."""
        steps = {
            step: self.rows.get((f"cohort.{step}", month)) for step in ("registered", "invested", "matured")
        }
        return {step: row for step, row in steps.items() if row is not None}


def scope_of(staff: Staff) -> tuple[Scope, int]:
    """The scope of a reader's values: the same members as visible_to."""
    if sees_everybody(staff):
        return Scope.ALL, 0
    if staff.role == Role.TEAM_LEAD and staff.team_id is not None:
        return Scope.TEAM, staff.team_id
    return Scope.STAFF, staff.pk


def read_board(staff: Staff, month: date, *, since: date | None = None) -> Board:
    """The KPIs of a month and the twelve before (`since`: from an earlier month on). Two queries."""
    months = tuple(months_back(month, SHOWN_MONTHS))
    scope, scope_id = scope_of(staff)
    # Uses index: kpivalue_once_a_month
    found = KpiValue.objects.filter(
        scope=scope, scope_id=scope_id, month__gte=min(months[0], since or month), month__lte=month
    )
    rows = {(row.kpi, row.month): row for row in found}
    counted = [row.through for kpi in KPIS if (row := rows.get((kpi.code, month)))]
    targets = targets_on(max(counted, default=Month(month).following - timedelta(days=1)))
    readings = tuple(_reading(kpi, months, rows, targets) for kpi in KPIS)
    return Board(month, months, readings, rows)


def _reading(
    kpi: Kpi,
    months: tuple[date, ...],
    rows: dict[tuple[str, date], KpiValue],
    targets: dict[str, Decimal | None],
) -> KpiReading:
    trend = tuple(row.value if (row := rows.get((kpi.code, month))) else None for month in months)
    return KpiReading(kpi, rows.get((kpi.code, months[-1])), trend, targets.get(kpi.code))


def targets_on(day: date) -> dict[str, Decimal | None]:
    """The targets in force on a day, of each KPI. One query."""
    # Uses index: kpitarget_in_force
    rows = KpiTarget.objects.filter(effective_from__lte=day).order_by("kpi", "-effective_from", "-id")
    return dict(rows.distinct("kpi").values_list("kpi", "value"))


def by_channel(kpi: Kpi, month: date) -> list[tuple[str, KpiValue]]:
    """A KPI's values for each channel in a month, the best first. One query."""
    rows = KpiValue.objects.filter(scope=Scope.CHANNEL, month=month, kpi=kpi.code, denominator__gt=0)
    name = Subquery(Channel.objects.filter(pk=OuterRef("scope_id")).values(shown=local_name()))
    return sorted(
        ((row.channel, row) for row in rows.annotate(channel=name)),
        key=lambda pair: pair[1].value or Decimal(0),
        reverse=kpi.higher_is_better,
    )
