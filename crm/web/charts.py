"""Shapes of the charts that templates draw as SVG: numbers in, coordinates out. No words, no colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 16, 22


@dataclass(frozen=True)
class Tick:
    """A place on an axis and the value it stands for."""

    at: float
    value: Decimal | date


@dataclass(frozen=True)
class Mark:
    """A vertical line at a day: `key` gives its colour (a stage), `row` staggers the labels."""

    at: float
    key: str
    label: str
    on: date
    row: float
    anchor: str


@dataclass(frozen=True)
class Curve:
    """One line over time with the area beneath it."""

    line: str
    area: str
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Layer:
    """One band of a stack."""

    key: str
    path: str


@dataclass(frozen=True)
class Stack:
    """Bands upon each other over time."""

    layers: tuple[Layer, ...]
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def _top(highest: Decimal) -> Decimal:
    """The round number at or above the highest value: 1, 2, 2.5 or 5 times a power of ten."""
    if highest <= 0:
        return Decimal(1)
    unit = Decimal(10) ** floor(log10(highest))
    return next(unit * step for step in map(Decimal, ("1", "2", "2.5", "5", "10")) if unit * step >= highest)


def _across(on: date, start: date, end: date) -> float:
    span = max((end - start).days, 1)
    return round(LEFT + (on - start).days / span * (WIDTH - LEFT - RIGHT), 1)


def _up(value: Decimal | int, top: Decimal) -> float:
    return round(float(HEIGHT - BOTTOM - Decimal(value) / top * (HEIGHT - TOP - BOTTOM)), 1)


def _rows(top: Decimal) -> tuple[Tick, ...]:
    return tuple(Tick(_up(top * part / 2, top), top * part / 2) for part in (0, 1, 2))


def _months(start: date, end: date, most: int = 6) -> tuple[Tick, ...]:
    """The first days of months between two days, evenly thinned."""
    firsts, year, month = [], start.year, start.month
    while (on := date(year, month, 1)) <= end:
        if on >= start:
            firsts.append(on)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = max(ceil(len(firsts) / most), 1)
    return tuple(Tick(_across(on, start, end), on) for on in firsts[::step])


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
    top = _top(max(amount for _, amount in points))
    places = [(_across(on, start, end), _up(amount, top)) for on, amount in points]
    line = f"M{places[0][0]} {places[0][1]}"
    for x, y in places[1:]:
        line += f"H{x}V{y}" if steps else f"L{x} {y}"
    base = HEIGHT - BOTTOM
    area = f"{line}V{base}H{places[0][0]}Z"
    return Curve(line, area, _rows(top), _months(start, end), _place(marks, start, end))


def _place(marks: Iterable[tuple[date, str, str]], start: date, end: date) -> tuple[Mark, ...]:
    placed: list[Mark] = []
    for on, key, label in marks:
        if not start <= on <= end:
            continue
        x = _across(on, start, end)
        close = bool(placed) and x - placed[-1].at < 90 and placed[-1].row == TOP - 5
        placed.append(
            Mark(x, key, label, on, TOP + 8 if close else TOP - 5, "end" if x > WIDTH * 0.85 else "start")
        )
    return tuple(placed)


def stack(days: Sequence[date], bands: Sequence[tuple[str, Sequence[int]]]) -> Stack | None:
    """Bands (key, a value for each day) upon each other, the first at the bottom; None without two days."""
    if len(days) < 2:
        return None
    totals = [sum(values[i] for _, values in bands) for i in range(len(days))]
    top = _top(Decimal(max(totals)))
    x = [_across(on, days[0], days[-1]) for on in days]
    floor_ = [0] * len(days)
    layers = []
    for key, values in bands:
        ceiling = [low + value for low, value in zip(floor_, values, strict=True)]
        there = "L".join(f"{x[i]} {_up(ceiling[i], top)}" for i in range(len(days)))
        back = "L".join(f"{x[i]} {_up(floor_[i], top)}" for i in reversed(range(len(days))))
        layers.append(Layer(key, f"M{there}L{back}Z"))
        floor_ = ceiling
    return Stack(tuple(layers), _rows(top), _months(days[0], days[-1]))


def heat(value: int, highest: int) -> int:
    """Which of five shades a cell gets: 0 for nothing."""
    return 0 if not value or not highest else min(5, max(1, ceil(5 * value / highest)))
