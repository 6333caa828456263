"""The stage overview: what its cards, charts and tables are given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from crm.insights.kpis.compute import KEPT_COHORTS
from crm.insights.kpis.values import Board, Reading
from crm.insights.models import KpiValue
from crm.insights.overview.notable import Notable
from crm.runtime import clock
from crm.web import charts
from crm.web.responses import BadQuery
from members.lifecycle.counts.periods import Month, months_back
from members.lifecycle.counts.stage_counts import Counts, Stock, stage_totals
from members.lifecycle.models import Stage, SubState


@dataclass(frozen=True)
class StageCard:
    """One stage in a month: members at its end (or now), change since it began, sub-states now, KPIs."""

    stage: str
    label: str
    count: int | None
    change: float | None
    sub_states: tuple[tuple[str, str, int], ...]
    readings: list[Reading]


def cards(found: Counts, stock: Stock, month: Month, board: Board, *, is_current: bool) -> list[StageCard]:
    """A card for every stage, in the order of life."""
    now = stage_totals(found)
    bands = {stage: dict(zip(stock.days, values, strict=True)) for stage, values in stock.bands}
    made = []
    for stage in Stage.values:
        count = now[stage] if is_current else bands[stage].get(month.following)
        before = bands[stage].get(month.first)
        subs = tuple(
            (sub, str(SubState(sub).label), found[stage, sub])
            for sub in SubState.values
            if (stage, sub) in found
        )
        made.append(
            StageCard(
                stage=stage,
                label=str(Stage(stage).label),
                count=count,
                change=(count - before) / before if before and count is not None else None,
                sub_states=subs if is_current else (),
                readings=board.of_stage(stage),
            )
        )
    return made


def stock_chart(stock: Stock) -> charts.Stack | None:
    """The stock as stacked areas."""
    return charts.stack(stock.days, stock.bands)


def move_table(cells: dict[tuple[str, str], int], month: Month) -> charts.HeatTable:
    """From stage (row) to stage (column); numbers lead to the members behind them."""
    stages = Stage.values

    def address(row: int, column: int) -> str:
        return moves_address(month, stages[row], stages[column])

    rows = [
        (Stage(left).label, [None if left == to else cells.get((left, to), 0) for to in stages])
        for left in stages
    ]
    return charts.heat_table([stage.label for stage in Stage], rows, address)


def moves_address(month: Month, left: str, entered: str) -> str:
    query = {"month": f"{month.first:%Y-%m}", "from": left, "to": entered}
    return f"{reverse('moves')}?{urlencode(query)}"


def newly_known(cells: dict[tuple[str, str], int], month: Month) -> list[tuple[str, int, str]]:
    """Who became known in the month, by the stage they began in: (label, how many, address)."""
    return [
        (str(Stage(entered).label), count, moves_address(month, "", entered))
        for (left, entered), count in cells.items()
        if not left and count
    ]


@dataclass(frozen=True)
class Headline:
    """The month in three numbers."""

    invested: int
    fell: int
    won_back: int


def headline(cells: dict[tuple[str, str], int]) -> Headline:
    """First investments, falls into decline, and ways back from it."""

    def total(left: Iterable[str], entered: Iterable[str]) -> int:
        return sum(cells.get((a, b), 0) for a in left for b in entered)

    rising = ("growth", "maturity")
    return Headline(
        invested=total(("", "acquisition", "activation"), rising),
        fell=total(("", "acquisition", "activation", *rising), ("decline",)),
        won_back=total(("decline",), rising),
    )


@dataclass(frozen=True)
class Funnel:
    """How far those who became known in a month have come, and the cohorts before and after."""

    month: Month
    chart: charts.Funnel | None
    through: date | None
    preceding: date | None
    following: date | None


def ripe_cohort(tenure_days: int, today: date) -> date:
    """The latest kept month all of whose newcomers have had the days that maturity takes; else the oldest."""
    kept = months_back(today, KEPT_COHORTS)
    had_time = [one for one in kept if Month(one).following + timedelta(days=tenure_days) <= today]
    return had_time[-1] if had_time else kept[0]


def cohort_funnel(board: Board, asked: date | None, ripe: date) -> Funnel:
    """The funnel of a cohort month: the asked one, or the `ripe` one, or the oldest where nobody was known
    then.
    """
    choices = [asked] if asked else [ripe, *board.months]
    drawn = ((Month(one), chart) for one in choices if (chart := _funnel(board.cohort(one))))
    month, chart = next(drawn, (Month(choices[0]), None))
    steps = board.cohort(month.first)
    return Funnel(
        month=month,
        chart=chart,
        through=steps["registered"].through if chart else None,
        preceding=month.preceding if month.first > months_back(board.month, KEPT_COHORTS)[0] else None,
        following=month.following if month.first < board.months[-1] else None,
    )


def _funnel(steps: dict[str, KpiValue]) -> charts.Funnel | None:
    if len(steps) < 3:
        return None
    return charts.funnel(
        [
            (Stage.ACQUISITION, _("First contact"), int(steps["registered"].denominator)),
            (Stage.ACTIVATION, _("Registered"), int(steps["registered"].numerator)),
            (Stage.GROWTH, _("Invested"), int(steps["invested"].numerator)),
            (Stage.MATURITY, _("Reached Maturity"), int(steps["matured"].numerator)),
        ]
    )


def notable_rows(found: Iterable[Notable], last: date) -> list[dict[str, Any]]:
    """Notable changes with the address of the members behind each."""
    rows = []
    for one in found:
        query = {"week": last.isoformat(), "from": one.left, "to": one.entered, "sub": one.entered_sub}
        rows.append({"notable": one, "address": f"{reverse('moves')}?{urlencode(query)}"})
    return rows


def read_month(text: str, today: date) -> Month:
    """A month written as 2026-11, not a later one than this; empty is this month. Raises BadQuery."""
    if not text:
        return Month(today.replace(day=1))
    try:
        first = clock.parse(f"{text}-01").astimezone(clock.zone()).date() if len(text) == 7 else None
    except (clock.BadInstant, OverflowError):
        first = None
    if first is None or first.year < 1970 or first > today:
        raise BadQuery(_("Invalid month: %(month)s") % {"month": text[:20]})
    return Month(first)
