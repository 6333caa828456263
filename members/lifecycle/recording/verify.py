"""Compute every member anew from the facts and compare: the proof that the incremental way is right."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import Moment, read_range, run
from members.lifecycle.evaluation.ranges import over_ranges
from members.lifecycle.recording.restage import Progress, Restaged, restage

_sql = sql_beside(__file__)
SAMPLES = 20


@dataclass
class Verified:
    """Members computed anew; those waiting for the drain (not compared); those that differ, with samples."""

    members: int = 0
    waiting: int = 0
    differing: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)
    member_ids: list[int] = field(default_factory=list, repr=False)


def verify(*, now: datetime, progress: Progress | None = None) -> Verified:
    """Recompute all members from raw facts as of `now`, without changing anything."""
    moment = Moment.of(now)

    def compare(low: int, high: int) -> tuple[int, int, int, Any, list[int]]:
        return read_range(moment, low, high, _sql("compare"), {"samples": SAMPLES})[0]

    result = Verified()
    for members, waiting, differing, samples, member_ids in over_ranges(compare):
        result.members += members
        result.waiting += waiting
        result.differing += differing
        result.samples = (result.samples + json.loads(samples))[:SAMPLES]
        result.member_ids += member_ids
        if progress:
            progress(result.members)
    return result


def restage_full(*, now: datetime, progress: Progress | None = None) -> tuple[Verified, Restaged]:
    """Drain what waits, recompute all members from raw facts, and mend those that differ.

    Returns what was found different (nothing, if the incremental way is right) and what was written.
    """
    written = restage(now=now)
    found = verify(now=now, progress=progress)
    if found.member_ids:
        run(
            "INSERT INTO lifecycle_dirty (member_id, since, until) "
            "SELECT member_id, recorded_from, %(now)s FROM lifecycle_standing WHERE member_id = ANY(%(ids)s)",
            {"now": now, "ids": found.member_ids},
        )
        written.add(restage(now=now))
    return found, written
