"""The stored values of the KPIs that a reader may see: of all members, the team's books or the own book."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from crm.insights.kpis.compute import same_day_before
from crm.insights.kpis.definition import FEWEST, Kpi, Unit
from crm.insights.kpis.registry import KPIS
from crm.insights.models import KpiTarget, KpiValue, Scope, Span
from crm.runtime.text.local_names import local_name
from crm.staff.models import Role, Staff
from crm.web import charts
from members.lifecycle.counts.periods import Month, months_back
from members.profiles.models import Channel
from members.profiles.visibility import sees_everybody

SHOWN_MONTHS = 12  # before the one shown
COHORT = ("leads", "registered", "invested", "matured")


@dataclass(frozen=True)
class KpiReading:
    """One KPI in one month: its stored row (None: not counted), the months before, and its target.

    The target is the one in force on the last counted day; where nothing is counted, on the month's last day.

    `trend` has a value for each of the shown months, oldest first, None where there is none. `before` is what
    the value is compared with: the same days of the month before, or all of it where the month is over.
    """

    kpi: Kpi
    row: KpiValue | None
    trend: tuple[Decimal | None, ...]
    target: Decimal | None
    before: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        return self.row.value if self.row else None

    @property
    def is_small(self) -> bool:
        """Whether too few members are counted to judge the share."""
        return is_small(self.kpi, self.row)

    @property
    def sparkline(self) -> charts.Sparkline | None:
        """The trend as a line through the values as they are; rounded only in its words."""
        line = charts.sparkline(self.trend)
        digits = 3 if self.kpi.is_share else 1
        parts = ("first", "low", "high", "last")
        return line and replace(line, **{name: round(getattr(line, name), digits) for name in parts})

    @property
    def spark_unit(self) -> str:
        """The unit as charts name it."""
        return str(self.kpi.unit) if self.kpi.unit in {Unit.SHARE, Unit.MONEY} else "number"

    @property
    def low(self) -> Decimal | None:
        """The lowest value of the trend."""
        return min((value for value in self.trend if value is not None), default=None)

    @property
    def high(self) -> Decimal | None:
        """The highest value of the trend."""
        return max((value for value in self.trend if value is not None), default=None)

    @property
    def meets_target(self) -> bool | None:
        """None where there is no value or no target to compare, or too few are counted."""
        return None if self.is_small else self.kpi.meets(self.value, self.target)

    @property
    def change(self) -> Decimal | None:
        """The difference to what the value is compared with; None where one of the two is missing."""
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def is_better(self) -> bool | None:
        """Whether the change is for the better; None where there is none."""
        return (self.change > 0) == self.kpi.higher_is_better if self.change else None


def is_small(kpi: Kpi, row: KpiValue | None) -> bool:
    """Whether a share counts fewer members than it takes to say something."""
    return kpi.is_share and row is not None and row.members < FEWEST


@dataclass(frozen=True)
class Board:
    """The KPIs of a month that one reader's scope has."""

    month: date
    months: tuple[date, ...]
    readings: tuple[KpiReading, ...]
    rows: dict[tuple[str, date], KpiValue]

    @property
    def through(self) -> date | None:
        """The last day that was counted in the month; None when nothing was."""
        return max((r.row.through for r in self.readings if r.row), default=None)

    @property
    def is_partial(self) -> bool:
        """Whether the month is counted in part: then it is compared with the same days before."""
        return self.through is not None and self.through + timedelta(days=1) < Month(self.month).following

    @property
    def key(self) -> str:
        """A key that changes with the readings, under which rendered parts may be cached."""
        parts = [f"{row.pk}@{row.computed_at}" for row in self.rows.values()]
        parts += [f"{reading.target} {reading.before}" for reading in self.readings]
        return hashlib.sha256(f"{self.month} {' '.join(parts)}".encode()).hexdigest()

    def of_group(self, group: str) -> list[KpiReading]:
        return [reading for reading in self.readings if reading.kpi.group == group]

    def cohort(self, month: date) -> dict[str, KpiValue]:
        """The steps of the funnel of a month's cohort: leads, registered, invested, matured."""
        steps = {step: self.rows.get((f"cohort.{step}", month)) for step in COHORT}
        return {step: row for step, row in steps.items() if row is not None}


def scope_of(staff: Staff) -> tuple[Scope, int]:
    """The scope of a reader's values: the same members as visible_to."""
    if sees_everybody(staff):
        return Scope.ALL, 0
    if staff.role == Role.TEAM_LEAD and staff.team_id is not None:
        return Scope.TEAM, staff.team_id
    return Scope.STAFF, staff.pk


def read_board(staff: Staff, month: date, *, since: date | None = None, kpis: Sequence[Kpi] = KPIS) -> Board:
    """The KPIs of a month and the twelve before (`since`: from an earlier month on). Two queries.

    `kpis`: only some of them, without cohorts.
    """
    months = tuple(months_back(month, SHOWN_MONTHS))
    scope, scope_id = scope_of(staff)
    # Uses index: kpivalue_once_a_month
    found = KpiValue.objects.filter(
        scope=scope, scope_id=scope_id, month__gte=min(months[0], since or month), month__lte=month
    )
    if kpis is not KPIS:
        found = found.filter(kpi__in=[kpi.code for kpi in kpis])
    rows: dict[tuple[str, date], KpiValue] = {}
    same_days: dict[tuple[str, date], KpiValue] = {}
    for one in found:
        (rows if one.span == Span.MONTH else same_days)[one.kpi, one.month] = one
    had = [kpi for kpi in kpis if kpi.has(scope)]
    counted = [row.through for kpi in had if (row := rows.get((kpi.code, month)))]
    targets = targets_on(max(counted, default=Month(month).following - timedelta(days=1)), scope, scope_id)
    readings = tuple(_reading(kpi, months, rows, same_days, targets) for kpi in had)
    return Board(month, months, readings, rows)


def _reading(
    kpi: Kpi,
    months: tuple[date, ...],
    rows: dict[tuple[str, date], KpiValue],
    same_days: dict[tuple[str, date], KpiValue],
    targets: dict[str, Decimal | None],
) -> KpiReading:
    trend = tuple(row.value if (row := rows.get((kpi.code, month))) else None for month in months)
    row, same = rows.get((kpi.code, months[-1])), same_days.get((kpi.code, months[-2]))
    before = trend[-2]
    if row and _runs(row):
        before = same.value if same and same.through == same_day_before(row.through) else None
    return KpiReading(kpi, row, trend, targets.get(kpi.code), before)


def _runs(row: KpiValue) -> bool:
    """Whether the month of a row was not over when it was counted."""
    return row.through + timedelta(days=1) < Month(row.month).following


def targets_on(day: date, scope: str, scope_id: int) -> dict[str, Decimal | None]:
    """The targets of a scope in force on a day, of each KPI. One query."""
    # Uses index: kpitarget_in_force
    rows = KpiTarget.objects.filter(scope=scope, scope_id=scope_id, effective_from__lte=day)
    rows = rows.order_by("kpi", "-effective_from", "-id").distinct("kpi")
    return dict(rows.values_list("kpi", "value"))


@dataclass(frozen=True)
class ChannelResult:
    """A KPI of one channel; `few`: too few members to be ranked. `query` leads a list to its members."""

    name: str
    row: KpiValue
    few: bool

    @property
    def query(self) -> str:
        return f"&channel={self.row.scope_id}"


def by_channel(kpi: Kpi, month: date) -> list[ChannelResult]:
    """A KPI's values for each channel in a month. One query.

    The best is first; after all others come those with too few members to be compared, the most first.
    """
    rows = KpiValue.objects.filter(
        scope=Scope.CHANNEL, month=month, span=Span.MONTH, kpi=kpi.code, denominator__gt=0
    )
    name = Subquery(Channel.objects.filter(pk=OuterRef("scope_id")).values(shown=local_name()))
    found = [ChannelResult(row.channel, row, row.members < FEWEST) for row in rows.annotate(channel=name)]
    sign = -1 if kpi.higher_is_better else 1
    found.sort(key=lambda one: (one.few, -one.row.members if one.few else sign * (one.row.value or 0)))
    return found
