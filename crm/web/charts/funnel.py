"""A funnel: how many remain at each step, as a share of the step before and of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.web.components import Text

WIDTH, ROW, THICK = 480, 44, 30
LABELS, VALUES = 112, 112  # space for labels on the left and numbers on the right
ROOM = WIDTH - LABELS - VALUES


@dataclass(frozen=True)
class Step:
    """One step: a bar centred at `left`, and the slope that leads to the next one (empty for the last)."""

    key: str
    label: Text
    value: int
    left: float
    width: float
    top: float
    slope: str
    of_first: float | None
    of_before: float | None
    lost: int


@dataclass(frozen=True)
class Funnel:
    """The steps, from the top."""

    steps: tuple[Step, ...]
    height: int
    width: int = WIDTH
    thick: int = THICK


def funnel(rows: Sequence[tuple[str, Text, int]]) -> Funnel | None:
    """A step for each (key, label, how many); None where nobody entered.

    Shares are fractions; None where the step before is empty. `lost` is never below 0: a later step may
    hold more where some came in from the side.
    """
    if not rows or not rows[0][2]:
        return None
    widest = max(value for *_, value in rows)
    wide = [round(value / widest * ROOM, 1) for *_, value in rows]
    steps = []
    for number, (key, label, value) in enumerate(rows):
        left, top = round(LABELS + (ROOM - wide[number]) / 2, 1), number * ROW
        before = rows[number - 1][2] if number else None
        slope = ""
        if number + 1 < len(rows):
            below = round(LABELS + (ROOM - wide[number + 1]) / 2, 1)
            slope = (
                f"M{left} {top + THICK}H{round(left + wide[number], 1)}"
                f"L{round(below + wide[number + 1], 1)} {top + ROW}H{below}Z"
            )
        steps.append(
            Step(
                key,
                label,
                value,
                left,
                wide[number],
                top,
                slope,
                of_first=value / rows[0][2],
                of_before=value / before if before else None,
                lost=max(before - value, 0) if before is not None else 0,
            )
        )
    return Funnel(tuple(steps), ROW * len(rows) - (ROW - THICK))
