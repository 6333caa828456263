"""The stage overview: stock over a year and this month's moves, as tables and as coordinates of charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from crm.runtime import clock
from crm.web import charts
from crm.web.answers import BadQuery
from members.lifecycle.board import Counts, Month, Stock
from members.lifecycle.models import Stage, SubState


@dataclass(frozen=True)
class StageCard:
    """One stage: how many members, how many in each sub-state, and the change since the month began."""

    stage: str
    label: str
    count: int
    share: float | None
    change: float | None
    sub_states: tuple[tuple[str, str, int], ...]


def cards(found: Counts, totals: dict[str, int], stock: Stock) -> list[StageCard]:
    """A card for every stage, in the order of life."""
    everybody = sum(totals.values())
    before = {stage: values[-2] if len(values) > 1 else 0 for stage, values in stock.bands}
    return [
        StageCard(
            stage=stage,
            label=str(Stage(stage).label),
            count=count,
            share=count / everybody if everybody else None,
            change=(count - before[stage]) / before[stage] if before.get(stage) else None,
            sub_states=tuple(
                (sub, str(SubState(sub).label), found[stage, sub])
                for sub in SubState.values
                if (stage, sub) in found
            ),
        )
        for stage, count in totals.items()
    ]


def stock_chart(stock: Stock) -> charts.Stack | None:
    """The stock as stacked areas."""
    return charts.stack(stock.days, stock.bands)


def stock_table(stock: Stock) -> list[tuple[date, list[int]]]:
    """The stock's days, latest first, each with a count for every stage."""
    return [
        (day, [values[i] for _stage, values in stock.bands])
        for i, day in reversed(list(enumerate(stock.days)))
    ]


@dataclass(frozen=True)
class Cell:
    """One cell of the transition table; `heat` is a shade from 0 to 5, `same` the diagonal."""

    left: str
    entered: str
    count: int
    heat: int
    same: bool


def move_table(moves: dict[tuple[str, str], int]) -> list[tuple[str, str, list[Cell]]]:
    """Rows (stage left, its label, a cell for each stage entered); the first row is: not known before."""
    most = max((count for (left, _entered), count in moves.items() if left), default=0)
    rows = []
    for left in ["", *Stage.values]:
        counts = [moves.get((left, entered), 0) for entered in Stage.values]
        if not left and not any(counts):
            continue
        cells = [
            Cell(left, entered, count, charts.heat(count, most) if left else 0, left == entered)
            for entered, count in zip(Stage.values, counts, strict=True)
        ]
        rows.append((left, str(Stage(left).label) if left else _("Not known before"), cells))
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
        raise BadQuery(_("There is no such month: %(month)s") % {"month": text[:20]})
    return Month(first)
