"""One line over time with the area below it, and marks at days of events."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.web.charts.frame import BOTTOM, HEIGHT, TOP, WIDTH, Frame, across, months, scale_for


@dataclass(frozen=True)
class Mark:
    """A vertical line at a day: `key` gives its colour (a stage), `row` staggers the labels."""

    at: float
    key: str
    label: str
    on: date
    row: float
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Curve(Frame):
    """One line over time with the area below it."""

    line: str
    area: str
    marks: tuple[Mark, ...]
    points: tuple[tuple[date, Decimal], ...]

    @property
    def table(self) -> tuple[tuple[date, Decimal], ...]:
        """(day, amount), the latest first."""
        return self.points[::-1]


def curve(
    points: Sequence[tuple[date, Decimal]],
    marks: Iterable[tuple[date, str, str]] = (),
    *,
    steps: bool = False,
) -> Curve | None:
    """A curve through (day, amount) points, oldest first, with (day, key, label) marks; None for one point.

    `steps`: an amount holds until the next point, as assets from net flows do.
    """
    if len(points) < 2:
        return None
    start, end = points[0][0], points[-1][0]
    scale = scale_for(amount for _, amount in points)
    places = [(across(on, start, end), scale.up(amount)) for on, amount in points]
    line = f"M{places[0][0]} {places[0][1]}"
    for x, y in places[1:]:
        line += f"H{x}V{y}" if steps else f"L{x} {y}"
    return Curve(
        line=line,
        area=f"{line}V{HEIGHT - BOTTOM}H{places[0][0]}Z",
        rows=scale.rows(),
        columns=months(start, end),
        marks=_place(marks, start, end),
        points=tuple(points),
    )


def _place(marks: Iterable[tuple[date, str, str]], start: date, end: date) -> tuple[Mark, ...]:
    placed: list[Mark] = []
    for on, key, label in marks:
        if not start <= on <= end:
            continue
        x = across(on, start, end)
        close = bool(placed) and x - placed[-1].at < 90 and placed[-1].row == TOP - 5
        placed.append(
            Mark(x, key, label, on, TOP + 8 if close else TOP - 5, "end" if x > WIDTH * 0.85 else "start")
        )
    return tuple(placed)
