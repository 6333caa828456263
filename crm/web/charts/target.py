"""The target that lines are compared with: it may change over time, and its label avoids the lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from crm.web.charts.frame import LEFT, RIGHT, WIDTH, Number, Scale

LABEL_WIDTH = 92.0  # units of the drawing
ABOVE, BELOW = -4.0, 12.0  # from the level to the label's foot
MIDDLE = -4.0  # from the label's foot to its middle
Place = tuple[float, float]


@dataclass(frozen=True)
class Target:
    """The path of the target, its last value, and the place of the label."""

    path: str
    value: Number
    x: float
    y: float
    anchor: str


def target_line(
    x: Sequence[float], levels: Sequence[Number | None], scale: Scale, lines: Sequence[Sequence[Place | None]]
) -> Target | None:
    """A level for each place of the axis, None where there is none; it changes halfway between two.

    `lines` are the drawn ones, which the words keep away from. None without any level.
    """
    edges = [x[0], *((a + b) / 2 for a, b in pairwise(x)), x[-1]]
    runs: list[tuple[float, float, Number]] = []  # from, to, level
    path, at = "", 0
    for level, same in groupby(levels):
        starts, at = at, at + len(list(same))
        if level is not None:
            runs.append((round(edges[starts], 1), round(edges[at], 1), level))
            begins = "V" if starts and levels[starts - 1] is not None else f"M{runs[-1][0]} "
            path += f"{begins}{scale.up(level)}H{runs[-1][1]}"
    if not runs:
        return None
    begin, end, value = runs[-1]
    return Target(path, value, *_clearest(begin, end, scale.up(value), lines))


def _clearest(
    starts: float, ends: float, level: float, lines: Sequence[Sequence[Place | None]]
) -> tuple[float, float, str]:
    """Of four places for the label (either end, above or below) the one farthest from every line."""
    found: list[tuple[float, tuple[float, float, str]]] = []
    for anchor in ("start", "end"):
        left = (
            min(starts + 4, WIDTH - RIGHT - LABEL_WIDTH)
            if anchor == "start"
            else max(ends - 4 - LABEL_WIDTH, LEFT)
        )
        for shift in (ABOVE, BELOW):
            middle = level + shift + MIDDLE
            seen = [abs(y - middle) for y in _heights(left, left + LABEL_WIDTH, lines)]
            place = left if anchor == "start" else left + LABEL_WIDTH
            found.append((min(seen, default=float("inf")), (round(place, 1), level + shift, anchor)))
    return max(found, key=lambda one: one[0])[1]


def _heights(left: float, right: float, lines: Sequence[Sequence[Place | None]]) -> list[float]:
    """How high the lines are between two places of the axis, at their points and at a few places between."""
    heights = []
    for line in lines:
        for one, other in pairwise(place for place in line if place):
            for part in (0.0, 0.25, 0.5, 0.75, 1.0):
                at = one[0] + (other[0] - one[0]) * part
                if left <= at <= right:
                    heights.append(one[1] + (other[1] - one[1]) * part)
    return heights
