"""Who would move under a policy: every member evaluated under it, beside the stored stage."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from crm.runtime.sql_files import sql_beside
from members.lifecycle.evaluation.evaluate import AsOf, evaluate_range
from members.lifecycle.evaluation.isolate import FailedMember
from members.lifecycle.evaluation.ranges import map_ranges
from members.lifecycle.models import Policy

_sql = sql_beside(__file__)
Place = tuple[str, str | None]  # stage, sub-state
SAMPLES = 3  # members shown for each way of moving


@dataclass
class Preview:
    """What a policy would change at once, if nothing else did.

    `moves[from place, to place] = (members, their AUM)` for all members, the unmoved included;
    `warned[staff id of the book, None without one] = (members with a warning now, then)`;
    `moved` counts changes of stage or sub-state; `samples` are members who would move (member_id, before,
    sub_before, after, sub_after, aum), the largest first. `failed` members could not be evaluated and are in
    none of these.
    """

    moves: dict[tuple[Place, Place], tuple[int, Decimal]] = field(default_factory=dict)
    warned: dict[int | None, tuple[int, int]] = field(default_factory=dict)
    moved: int = 0
    samples: list[dict[str, Any]] = field(default_factory=list)
    failed: int = 0

    def assets(self, stage: str) -> tuple[Decimal, Decimal]:
        """The assets of the members in a stage: (now, then)."""
        before = sum((aum for (now, _), (_n, aum) in self.moves.items() if now[0] == stage), Decimal())
        after = sum((aum for (_, then), (_n, aum) in self.moves.items() if then[0] == stage), Decimal())
        return before, after

    @property
    def members(self) -> int:
        return sum(members for members, _aum in self.moves.values())

    def to_json(self) -> dict[str, Any]:
        """The preview for a JSON field, money as text."""
        return {
            "moves": sorted(
                (
                    [*before, *after, members, str(aum)]
                    for (before, after), (members, aum) in self.moves.items()
                ),
                key=str,
            ),
            "warned": sorted(([staff, *counts] for staff, counts in self.warned.items()), key=str),
            "moved": self.moved,
            "samples": [{**sample, "aum": str(sample["aum"])} for sample in self.samples],
            "failed": self.failed,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Preview:
        """Back from to_json()."""
        return cls(
            moves={
                ((stage, sub), (then, sub_then)): (members, Decimal(aum))
                for stage, sub, then, sub_then, members, aum in stored["moves"]
            },
            warned={staff: (before, after) for staff, before, after in stored["warned"]},
            moved=stored["moved"],
            samples=[{**sample, "aum": Decimal(sample["aum"])} for sample in stored["samples"]],
            failed=stored.get("failed", 0),
        )


def preview_policy(
    policy: Policy, *, now: datetime, progress: Callable[[int], None] | None = None
) -> Preview:
    """Who would move if this policy, stored or not, were in force now.

    Stores nothing. `progress` is called with the number of members evaluated so far, once for each range.
    """
    as_of = AsOf.of(now, policy)
    as_of.check_policy()

    def compare(low: int, high: int) -> Any:
        return evaluate_range(as_of, low, high, _sql("preview"), {"samples": SAMPLES})[0]

    result = Preview()
    faults: list[FailedMember] = []
    for moves, moved, samples, warned in map_ranges(compare, faults):
        for stage, sub, then, sub_then, members, aum in json.loads(moves or "[]"):
            move = ((stage, sub), (then, sub_then))
            known, worth = result.moves.get(move, (0, Decimal()))
            result.moves[move] = (known + members, worth + Decimal(aum))
        for staff, before, after in json.loads(warned or "[]"):
            had, gets = result.warned.get(staff, (0, 0))
            result.warned[staff] = (had + before, gets + after)
        result.moved += moved
        found = json.loads(samples or "[]", parse_float=Decimal)
        result.samples += [{**sample, "aum": Decimal(sample["aum"])} for sample in found]
        if progress:
            progress(result.members)
    result.samples = _largest(result.samples)
    result.failed = len(faults)
    return result


def _largest(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The members with the highest assets of each way of moving."""
    by_move: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for sample in sorted(samples, key=lambda s: (-s["aum"], s["member_id"])):
        by_move.setdefault((sample["before"], sample["after"]), []).append(sample)
    return [sample for group in by_move.values() for sample in group[:SAMPLES]]
