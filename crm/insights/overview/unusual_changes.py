"""Unusual numbers of stage changes in the last seven days, by one stated rule.

A week's count of a stage change is compared with those of the eight weeks before. It is unusual when it lies
more than three times the usual spread from their median, and at least ten members from it. The spread is
1.4826 × the median absolute deviation (as for a normal distribution), at least the square root of the median
(the spread of a count by chance alone), at least 1. So neither small counts nor a short record raise an
alarm.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import median

from members.lifecycle.counts.stage_counts import TransitionTotal

WEEKS_BEFORE = 8
SPREADS = 3.0
FEWEST = 10
SHOWN = 6

Key = tuple[str, str, str]  # stage left, stage entered, sub-state entered (only within decline)


@dataclass(frozen=True)
class UnusualChange:
    """A stage change with an unusual count in the last week; `low` to `high` are the weeks before."""

    left: str
    entered: str
    entered_sub: str
    count: int
    usual: float
    low: int
    high: int
    spreads: float

    @property
    def change(self) -> float | None:
        """The difference as a share of the usual count; None where that is 0."""
        return (self.count - self.usual) / self.usual if self.usual else None


def unusual_changes(moves: Iterable[TransitionTotal]) -> list[UnusualChange]:
    """The unusual stage changes of week 0 against weeks 1 to 8, the most unusual first."""
    weeks: dict[Key, list[int]] = {}
    for move in moves:
        if move.week is not None and (key := _key(move)):
            weeks.setdefault(key, [0] * (WEEKS_BEFORE + 1))[move.week] += move.members
    if not any(counts[WEEKS_BEFORE] for counts in weeks.values()):
        return []  # the record does not go back far enough
    found = [one for key, counts in weeks.items() if (one := _compare(key, counts))]
    return sorted(found, key=lambda one: -one.spreads)[:SHOWN]


def _key(move: TransitionTotal) -> Key | None:
    if not move.entered:
        return None
    if move.left != move.entered:
        return move.left, move.entered, ""
    return (move.left, move.entered, move.entered_sub) if move.entered_sub else None


def _compare(key: Key, counts: list[int]) -> UnusualChange | None:
    count, before = counts[0], counts[1:]
    usual = median(before)
    spread = max(1.4826 * median(abs(one - usual) for one in before), sqrt(usual), 1.0)
    spreads = abs(count - usual) / spread
    if spreads <= SPREADS or abs(count - usual) < FEWEST:
        return None
    return UnusualChange(*key, count, usual, min(before), max(before), spreads)
