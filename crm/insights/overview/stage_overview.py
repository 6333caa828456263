"""The stage overview: the data of its cards, chart and tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from crm.insights.kpis.values import Board, KpiReading
from crm.insights.overview.unusual_changes import UnusualChange
from crm.web import charts
from members.lifecycle.counts.periods import Month
from members.lifecycle.counts.stage_counts import Counts, Stock, stage_totals
from members.lifecycle.models import Stage, SubState


@dataclass(frozen=True)
class StageCard:
    """One stage in a month: members at its end (or now), change over the month, sub-states now, KPIs."""

    stage: str
    label: str
    count: int | None
    change: float | None
    sub_states: tuple[tuple[str, str, int], ...]
    readings: list[KpiReading]


def cards(found: Counts, stock: Stock, month: Month, board: Board, *, is_current: bool) -> list[StageCard]:
    """A card for each stage, in the order of the lifecycle."""
    now = stage_totals(found)
    bands = {stage: dict(zip(stock.days, values, strict=True)) for stage, values in stock.bands}
    made = []
    for stage in Stage.values:
        if stage == Stage.ACQUISITION and not board.of_group(stage):
            continue  # a book has no leads: they have no manager before they register
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
                readings=board.of_group(stage),
            )
        )
    return made


def stock_chart(stock: Stock) -> charts.Stack | None:
    """Members by stage over time, as stacked areas."""
    return charts.stack(stock.days, stock.bands)


def transition_table(cells: dict[tuple[str, str], int], month: Month) -> charts.HeatTable:
    """Transitions from stage (row) to stage (column); each number links to its members."""
    stages = Stage.values

    def address(row: int, column: int) -> str:
        return transitions_address(month, stages[row], stages[column])

    rows = [
        (Stage(left).label, [None if left == to else cells.get((left, to), 0) for to in stages])
        for left in stages
    ]
    return charts.heat_table([stage.label for stage in Stage], rows, address)


def transitions_address(month: Month, left: str, entered: str) -> str:
    query = {"month": f"{month.first:%Y-%m}", "from": left, "to": entered}
    return f"{reverse('moves')}?{urlencode(query)}"


def first_contacts(cells: dict[tuple[str, str], int], month: Month) -> list[tuple[str, int, str]]:
    """Members first known in the month, by the stage they began in: (label, count, address)."""
    return [
        (str(Stage(entered).label), count, transitions_address(month, "", entered))
        for (left, entered), count in cells.items()
        if not left and count
    ]


@dataclass(frozen=True)
class Headline:
    """The month in three numbers."""

    invested: int
    fell: int
    won_back: int


def headline(cells: dict[tuple[str, str], int], won_back: int) -> Headline:
    """The first investments, entries into Decline and win-backs of a month."""

    def total(left: Iterable[str], entered: Iterable[str]) -> int:
        return sum(cells.get((a, b), 0) for a in left for b in entered)

    rising = ("growth", "maturity")
    return Headline(
        invested=total(("", "acquisition", "activation"), rising),
        fell=total(("", "acquisition", "activation", *rising), ("decline",)),
        won_back=won_back,
    )


def unusual_rows(found: Iterable[UnusualChange], last: date) -> list[dict[str, Any]]:
    """Unusual changes, each with the address of its members."""
    rows = []
    for one in found:
        query = {"week": last.isoformat(), "from": one.left, "to": one.entered, "sub": one.entered_sub}
        rows.append({"notable": one, "address": f"{reverse('moves')}?{urlencode(query)}"})
    return rows
