"""Verify what is recorded: transitions, and the bounds within which a valuation changes nothing.

Evaluating whole records costs too much for one night, so each night takes a seventh of the members by id, and
what a missed night left; all are verified within a week. Nothing is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import (
    evaluate_pairs,
    execute,
    prepare_temp_tables,
)
from members.lifecycle.evaluation.isolate import FailedMember
from members.lifecycle.evaluation.ranges import map_ranges
from members.lifecycle.recording.restage import evaluate_from_claim, parameters_of

_sql = sql_beside(__file__)
PARTS = 7
SAMPLES = 20
# Where a bound is empty there is no limit: below, nothing is less than nothing; above, there is no most.
_PAIRS_AT = """
TRUNCATE _pair, _answer, _assumed;
INSERT INTO _assumed
SELECT member_id, {bound} FROM lifecycle_standing JOIN _claim USING (member_id) WHERE {bound} IS NOT NULL;
INSERT INTO _pair SELECT member_id, %(now)s, %(today)s, %(policy_version)s FROM _assumed
"""
_BOUNDS = ("greatest(aum_low, 0)", "aum_high")


@dataclass
class SampleResult:
    """Members verified; how many have other transitions or bounds than their facts give, with samples."""

    members: int = 0
    failed: int = 0
    transitions: int = 0
    bounds: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)


def part_of(day: date) -> int:
    """The part of the members (their ids modulo PARTS) that belongs to a night."""
    return day.toordinal() % PARTS


def verify_sample(parts: Iterable[int], *, now: datetime) -> SampleResult:
    """Evaluate the records of some parts of the members anew, as of `now`, and compare."""
    parameters = parameters_of(now, history=True) | {"parts": PARTS, "part": sorted(set(parts))}

    def compare(low: int, high: int) -> SampleResult:
        return _compare(parameters | {"low": low, "high": high})

    result = SampleResult()
    faults: list[FailedMember] = []
    for found in map_ranges(compare, faults):
        result.members += found.members
        result.transitions += found.transitions
        result.bounds += found.bounds
        result.samples = (result.samples + found.samples)[:SAMPLES]
    result.failed = len(faults)
    return result


def _compare(parameters: dict[str, Any]) -> SampleResult:
    with transaction.atomic():
        if not connection.savepoint_ids:  # outermost
            execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")  # facts and records of one instant
        prepare_temp_tables()
        members = execute(_sql("sample_claim"), parameters)
        if not members:
            return SampleResult()
        evaluate_from_claim(parameters)
        execute(_sql("stage_changes"), parameters)
        transitions = _fetch(_sql("compare_transitions"))
        bounds: dict[int, dict[str, Any]] = {}
        for bound in _BOUNDS:
            execute(_PAIRS_AT.format(bound=bound), parameters)
            evaluate_pairs()
            bounds |= {row["member_id"]: row for row in _fetch(_sql("compare_bounds"))}
    return SampleResult(
        members, 0, len(transitions), len(bounds), [*transitions[:SAMPLES], *list(bounds.values())[:SAMPLES]]
    )


def _fetch(statement: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [json.loads(row) for (row,) in cursor.fetchall()]
