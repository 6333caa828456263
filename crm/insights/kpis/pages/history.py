"""A KPI's months: each with the target of its time, the changes of policy since, and the chart of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.insights.kpis.definition import Group, Kpi, Unit
from crm.insights.kpis.targets import target_on
from crm.insights.kpis.values import Board, is_small
from crm.insights.models import KpiTarget, KpiValue
from crm.runtime.clock import day_of, day_start
from crm.web import charts
from members.lifecycle.models import Policy


@dataclass(frozen=True)
class MonthResult:
    """A month with the target in force on its last counted day, and whether it was met.

    `policies` are the versions of the lifecycle policy that came into force in it.
    """

    month: date
    row: KpiValue
    target: Decimal | None
    meets_target: bool | None
    is_small: bool
    policies: tuple[int, ...]


def history_of(
    board: Board, kpi: Kpi, targets: list[KpiTarget], changes: Sequence[tuple[int, date]]
) -> list[MonthResult]:
    """The counted months, the latest first."""
    results = []
    for month in reversed(board.months):
        if (row := board.rows.get((kpi.code, month))) is None:
            continue
        target, small = target_on(targets, row.through), is_small(kpi, row)
        meets = None if small else kpi.meets(row.value, target)
        versions = tuple(version for version, on in changes if on.replace(day=1) == month)
        results.append(MonthResult(month, row, target, meets, small, versions))
    return results


def policy_changes(kpi: Kpi, since: date) -> list[tuple[int, date]]:
    """(version, day) of each change of the lifecycle policy that the KPI follows. One query."""
    if not kpi.follows_policy:
        return []
    # Uses index: policy_in_force
    rows = Policy.objects.filter(effective_from__gte=day_start(since)).order_by("effective_from", "version")
    return [(version, day_of(at)) for version, at in rows.values_list("version", "effective_from")]


def chart_of(
    board: Board, kpi: Kpi, history: list[MonthResult], changes: Sequence[tuple[int, date]]
) -> charts.Lines | None:
    """The months as a line, with the targets and with marks where a policy came into force."""
    results = {one.month: one for one in history}
    values = [results[month].row.value if month in results else None for month in board.months]
    targets = [results[month].target if month in results else None for month in board.months]
    # A policy first counts in the month in which it comes into force, drawn at its first day.
    marks = [(on.replace(day=1), _("Policy v%(version)s") % {"version": version}) for version, on in changes]
    digits = 4 if kpi.unit == Unit.SHARE else 2
    drawn = [None if value is None else round(value, digits) for value in values]
    stage = "" if kpi.group == Group.MONEY else str(kpi.group)  # money has the accent's colour
    series = charts.Series(stage, kpi.name, drawn)
    return charts.lines(board.months, [series], target=targets, marks=marks)


def chart_unit(kpi: Kpi) -> str:
    """The unit as charts name it: share, money, or number for days and times."""
    return str(kpi.unit) if kpi.unit in {Unit.SHARE, Unit.MONEY} else "number"
