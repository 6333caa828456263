"""Evaluate all members from the facts and compare: the proof that incremental restaging is right."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import AsOf, evaluate_range, execute
from members.lifecycle.evaluation.isolate import FailedMember
from members.lifecycle.evaluation.ranges import map_ranges
from members.lifecycle.recording.failures import retry
from members.lifecycle.recording.restage import Progress, RestageResult, restage

_sql = sql_beside(__file__)
JOB = "verify the stages"  # the name its runs are recorded under
SAMPLES = 20


@dataclass
class VerifyResult:
    """Members evaluated; those waiting to be restaged and those whose evaluation failed (neither compared);
    those that differ, with samples."""

    members: int = 0
    waiting: int = 0
    failed: int = 0
    differing: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)
    member_ids: list[int] = field(default_factory=list, repr=False)


def verify(*, now: datetime, progress: Progress | None = None) -> VerifyResult:
    """Evaluate all members from raw facts as of `now`, without changing anything."""
    as_of = AsOf.of(now)

    def compare(low: int, high: int) -> tuple[int, int, int, int, Any, list[int]]:
        return evaluate_range(as_of, low, high, _sql("compare_standings"), {"samples": SAMPLES})[0]

    result = VerifyResult()
    faults: list[FailedMember] = []
    for members, waiting, failed, differing, samples, member_ids in map_ranges(compare, faults):
        result.members += members
        result.waiting += waiting
        result.failed += failed
        result.differing += differing
        result.samples = (result.samples + json.loads(samples))[:SAMPLES]
        result.member_ids += member_ids
        if progress:
            progress(result.members)
    result.members += len(faults)
    result.failed += len(faults)
    return result


def restage_full(*, now: datetime, progress: Progress | None = None) -> tuple[VerifyResult, RestageResult]:
    """Restage what waits and what failed, evaluate all members from raw facts, and correct those that differ.

    Returns the differences (none, if incremental restaging is right) and what was written.
    """
    retry()
    written = restage(now=now)
    found = verify(now=now, progress=progress)
    if found.member_ids:
        execute(
            "INSERT INTO lifecycle_dirty (member_id, since, until) "
            "SELECT member_id, recorded_from, %(now)s FROM lifecycle_standing WHERE member_id = ANY(%(ids)s)",
            {"now": now, "ids": found.member_ids},
        )
        written.add(restage(now=now))
    return found, written
