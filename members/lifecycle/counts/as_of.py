"""How many members were in which stage at an instant, evaluated from the facts of then; stores nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from members.lifecycle.evaluation.evaluate import AsOf, evaluate_range
from members.lifecycle.evaluation.isolate import FailedMember
from members.lifecycle.evaluation.ranges import map_ranges
from members.lifecycle.models import Stage


@dataclass(frozen=True)
class CountsAsOf:
    """Members by stage and, within it, by sub-state ("" = none), all stages present; those who could not be
    evaluated."""

    stages: dict[str, dict[str, int]]
    failed: list[FailedMember]


def count_as_of(*, at: datetime) -> CountsAsOf:
    """Evaluate all members at an instant and count them."""
    as_of = AsOf.of(at)
    ending = """
        SELECT stage, coalesce(sub_state, ''), count(*)
        FROM answers WHERE stage IS NOT NULL GROUP BY stage, sub_state
    """

    def count(low: int, high: int) -> list[tuple[str, str, int]]:
        return evaluate_range(as_of, low, high, ending)

    counts: dict[str, Counter[str]] = {stage: Counter() for stage in Stage.values}
    failed: list[FailedMember] = []
    for rows in map_ranges(count, failed):
        for stage, sub_state, members in rows:
            counts[stage][sub_state] += members
    return CountsAsOf({stage: dict(sorted(counter.items())) for stage, counter in counts.items()}, failed)
