"""The funnel of a cohort: how far the members first known in a month have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm.insights.kpis.compute import KEPT_COHORTS
from crm.insights.kpis.values import COHORT, Board
from crm.insights.models import KpiValue, Scope
from crm.web import charts
from members.lifecycle.counts.periods import Month, months_back
from members.lifecycle.models import Stage


@dataclass(frozen=True)
class CohortFunnel:
    """The funnel of a month's cohort, counted up to `through`; the months before and after, where stored."""

    month: Month
    chart: charts.Funnel | None
    through: date | None
    preceding: date | None
    following: date | None


def default_cohort(tenure_days: int, today: date) -> date:
    """The latest stored month whose members have all had the tenure that Maturity takes; else the oldest."""
    stored = months_back(today, KEPT_COHORTS)
    mature = [one for one in stored if Month(one).following + timedelta(days=tenure_days) <= today]
    return mature[-1] if mature else stored[0]


def cohort_funnel(board: Board, asked: date | None, default: date) -> CohortFunnel:
    """The funnel of the month asked for; else of the default one, or the oldest with any members."""
    choices = [asked] if asked else [default, *board.months]
    drawn = ((Month(one), chart) for one in choices if (chart := _funnel(board.cohort(one))))
    month, chart = next(drawn, (Month(choices[0]), None))
    steps = board.cohort(month.first)
    return CohortFunnel(
        month=month,
        chart=chart,
        through=steps["registered"].through if chart else None,
        preceding=month.preceding if month.first > months_back(board.month, KEPT_COHORTS)[0] else None,
        following=month.following if month.first < board.months[-1] else None,
    )


def _funnel(steps: dict[str, KpiValue]) -> charts.Funnel | None:
    if len(steps) < len(COHORT):
        return None
    # A book or a team has no visitors and leads of its own: there the funnel begins with the registered.
    acquired = [
        (Stage.ACQUISITION, _("Visitors"), int(steps["leads"].denominator)),
        (Stage.ACQUISITION, _("Leads with contact details"), int(steps["leads"].numerator)),
    ]
    joined = [
        (Stage.ACTIVATION, _("Registered"), int(steps["registered"].numerator)),
        (Stage.GROWTH, _("Invested"), int(steps["invested"].numerator)),
        (Stage.MATURITY, _("Reached Maturity"), int(steps["matured"].numerator)),
    ]
    return charts.funnel(acquired + joined if steps["leads"].scope == Scope.ALL else joined)
