"""A sparkline: a line the size of a word beside its last value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.charts.frame import Number

WIDTH, HEIGHT, EDGE = 96, 24, 3


@dataclass(frozen=True)
class Sparkline:
    """The path, its last place, and first, lowest, highest and last value for the words."""

    line: str
    end: tuple[float, float]
    first: Number
    low: Number
    high: Number
    last: Number
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Sequence[Number | None]) -> Sparkline | None:
    """A line through the values, oldest first, over their own range; gaps are bridged.

    None without two values.
    """
    known = [(number, value) for number, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    amounts = [value for _, value in known]
    low, high = min(amounts), max(amounts)
    span, length = float(high) - float(low), len(values) - 1

    def at(number: int, value: Number) -> tuple[float, float]:
        part = (float(value) - float(low)) / span if span else 0.5
        x = EDGE + number / length * (WIDTH - 2 * EDGE)
        return round(x, 1), round(HEIGHT - EDGE - part * (HEIGHT - 2 * EDGE), 1)

    places = [at(number, value) for number, value in known]
    line = "M" + "L".join(f"{x} {y}" for x, y in places)
    return Sparkline(line, places[-1], amounts[0], low, high, amounts[-1])
