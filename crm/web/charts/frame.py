"""The frame that charts share: the size of the drawing, its scale, the ticks of its axes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 16, 22
_STEPS = tuple(map(Decimal, ("1", "1.2", "1.6", "2", "2.5", "3", "4", "5", "6", "8", "10")))
Number = Decimal | int | float


@dataclass(frozen=True)
class Tick:
    """A tick of an axis: coordinate and value."""

    at: float
    value: Decimal | date

    @property
    def anchor(self) -> str:
        """The text anchor of the label, so that it stays within the drawing."""
        return "end" if self.at > WIDTH - RIGHT - 30 else "start"


@dataclass(frozen=True)
class Scale:
    """Amounts from `low` to `high` (round numbers, 0 among them) on the height of the drawing."""

    low: Decimal
    high: Decimal

    def up(self, value: Number) -> float:
        """The height of a value, in the drawing's coordinates (downwards)."""
        part = (Decimal(value) - self.low) / (self.high - self.low)
        return round(float(HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)), 1)

    def rows(self) -> tuple[Tick, ...]:
        """The lowest, the middle and the highest value; 0 as well where the scale goes below it."""
        values = {self.low + (self.high - self.low) * part / 2 for part in (0, 1, 2)} | {Decimal(0)}
        return tuple(Tick(self.up(value), value) for value in sorted(values))


def round_top(highest: Number) -> Decimal:
    """The round number at or above the highest value: one of _STEPS times a power of ten."""
    highest = Decimal(highest)
    if highest <= 0:
        return Decimal(1)
    unit = Decimal(10) ** floor(log10(highest))
    return next(unit * step for step in _STEPS if unit * step >= highest)


def scale_for(values: Iterable[Number]) -> Scale:
    """A scale that holds all values and 0."""
    known = [Decimal(value) for value in values] or [Decimal(0)]
    lowest, highest = min(known), max(known)
    if lowest >= 0:
        return Scale(Decimal(0), round_top(highest))
    reach = round_top(max(highest, -lowest))
    return Scale(-reach, reach if highest > 0 else Decimal(0))


def across(on: date, start: date, end: date) -> float:
    """The x coordinate of a day between two days."""
    span = max((end - start).days, 1)
    return round(LEFT + (on - start).days / span * (WIDTH - LEFT - RIGHT), 1)


def months(start: date, end: date, most: int = 6) -> tuple[Tick, ...]:
    """The first days of months between two days, evenly thinned."""
    firsts, year, month = [], start.year, start.month
    while (on := date(year, month, 1)) <= end:
        if on >= start:
            firsts.append(on)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    step = max(ceil(len(firsts) / most), 1)
    return tuple(Tick(across(on, start, end), on) for on in firsts[::step])


@dataclass(frozen=True)
class Frame:
    """The box of a chart with axes."""

    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM
