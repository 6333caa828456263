"""Several lines over the same days, distinguished by dashes and end labels, not by colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from crm.web.charts.frame import BOTTOM, HEIGHT, TOP, WIDTH, Frame, Number, across, months, scale_for
from crm.web.charts.target import Target, target_line
from crm.web.components import Text

DASHES = ("", "6 3", "2 3", "10 3 2 3", "1 4")
LABEL_GAP = 15.0  # units of the drawing between labels


@dataclass(frozen=True)
class Series:
    """The data of a line; `key` gives the colour (a stage, or empty for the accent), None is no value."""

    key: str
    label: Text
    values: Sequence[Number | None]


@dataclass(frozen=True)
class Line:
    """One drawn line: its path, its dashes, and the height of the label at its end."""

    key: str
    label: Text
    path: str
    dash: str
    values: tuple[Number | None, ...]
    end: tuple[float, float] | None
    label_at: float


@dataclass(frozen=True)
class LineMark:
    """A vertical line at a day on which something changed, with its label."""

    at: float
    on: date
    label: Text

    @property
    def anchor(self) -> str:
        """The text anchor of the label, so that it stays within the drawing."""
        return "end" if self.at > WIDTH / 2 else "start"


@dataclass(frozen=True, kw_only=True)
class Lines(Frame):
    """Several lines over the same days."""

    lines: tuple[Line, ...]
    days: tuple[date, ...]
    target: Target | None = None
    marks: tuple[LineMark, ...] = ()

    @property
    def table(self) -> list[tuple[date, list[Number | None]]]:
        """(day, a value of each line), the latest first."""
        return [(on, [line.values[i] for line in self.lines]) for i, on in enumerate(self.days)][::-1]


def lines(
    days: Sequence[date],
    series: Sequence[Series],
    *,
    target: Sequence[Number | None] = (),
    marks: Iterable[tuple[date, Text]] = (),
) -> Lines | None:
    """Lines over days, oldest first; a gap in the values is a gap in the line. None without two days.

    `target` has for each day the level to compare with, None where there is none; it is drawn as steps.
    `marks` are days with labels; those outside the drawn days are left out.
    """
    known = [value for one in series for value in one.values if value is not None]
    if len(days) < 2 or not known:
        return None
    scale = scale_for([*known, *(level for level in target if level is not None)])
    x = [across(on, days[0], days[-1]) for on in days]
    drawn, places_of_lines = [], []
    for number, one in enumerate(series):
        places = [None if value is None else (x[i], scale.up(value)) for i, value in enumerate(one.values)]
        end = next((place for place in reversed(places) if place), None)
        places_of_lines.append(places)
        dash = DASHES[number % len(DASHES)]
        drawn.append((one, _path(places), dash, end))
    labels = _spread([end[1] if end else 0.0 for *_, end in drawn])
    return Lines(
        lines=tuple(
            Line(one.key, one.label, path, dash, tuple(one.values), end, at)
            for (one, path, dash, end), at in zip(drawn, labels, strict=True)
        ),
        days=tuple(days),
        rows=scale.rows(),
        columns=months(days[0], days[-1]),
        target=target_line(x, target, scale, places_of_lines),
        marks=tuple(
            LineMark(across(on, days[0], days[-1]), on, label)
            for on, label in marks
            if days[0] <= on <= days[-1]
        ),
    )


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    """A path through the places; a lone one becomes a dot of no length, which round caps show."""
    path, before = "", None
    for place in places:
        if place:
            path += f"{'L' if before else 'M'}{place[0]} {place[1]}"
            if not before:
                path += "h0"
        before = place
    return path


def _spread(heights: Sequence[float]) -> list[float]:
    """The heights, apart as far as labels need to stay legible, in their order and within the drawing."""
    order = sorted(range(len(heights)), key=lambda i: heights[i])
    spread = [max(heights[i], float(TOP)) for i in order]
    for above, below in pairwise(range(len(spread))):
        spread[below] = max(spread[below], spread[above] + LABEL_GAP)
    for place in range(len(spread)):
        lowest = HEIGHT - BOTTOM - place * LABEL_GAP
        spread[-1 - place] = min(spread[-1 - place], lowest)
    placed = dict(zip(order, spread, strict=True))
    return [round(placed[i], 1) for i in range(len(heights))]
