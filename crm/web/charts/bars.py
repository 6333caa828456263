"""Horizontal bars: one amount for each label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.charts.frame import Number, round_top
from crm.web.components import Text

WIDTH = 720
LABELS, VALUES = 150, 96  # space for labels on the left and numbers on the right
ROW, THICK = 28, 14


@dataclass(frozen=True)
class Bar:
    """One bar: from `left`, `width` wide, at the height `at` (its middle)."""

    key: str
    label: Text
    value: Number | None
    left: float
    width: float
    at: float
    top: float
    end: float


@dataclass(frozen=True)
class Bars:
    """Horizontal bars; `zero` is the coordinate of 0."""

    bars: tuple[Bar, ...]
    zero: float
    height: int
    width: int = WIDTH
    labels: int = LABELS
    thick: int = THICK


def bars(rows: Sequence[tuple[str, Text, Number | None]]) -> Bars | None:
    """A bar for each (key, label, amount), in the order given; amounts below 0 go left. None without rows.

    No amount is no bar; `key` gives the colour (a stage, or empty for the accent).
    """
    if not rows:
        return None
    known = [float(value) for *_, value in rows if value is not None] or [0.0]
    reach = float(round_top(max(max(known), -min(known))))
    low = -reach if min(known) < 0 else 0.0
    high = reach if max(known) > 0 or low == 0 else 0.0
    room = WIDTH - LABELS - VALUES

    def across(value: float) -> float:
        return round(LABELS + (value - low) / (high - low) * room, 1)

    zero = across(0)
    made = []
    for number, (key, label, value) in enumerate(rows):
        place = across(float(value or 0))
        top = number * ROW + (ROW - THICK) / 2
        left, width = min(place, zero), round(abs(place - zero), 1)
        middle, end = top + THICK / 2, max(place, zero)
        made.append(Bar(key, label, value, left, width, middle, top, end))
    return Bars(tuple(made), zero, ROW * len(rows))
