"""Badges and quests of one member, as a page shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil

from crm.runtime.text.local_names import LocalName
from crm.staff.models import Staff
from members.loyalty.incentives.visibility import is_seen
from members.loyalty.models import (
    BadgeAward,
    IncentiveReward,
    IncentiveVersion,
    QuestProgress,
    StepDone,
    StepOrder,
)

SHOWN = 50  # awards


class QuestState(StrEnum):
    """Where a member is with a quest."""

    OPEN = "open"
    COMPLETED = "completed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class HeldBadge:
    """A badge with the periods in which it was awarded, the latest first; `count` of them in all."""

    version: IncentiveVersion
    latest_at: datetime
    periods: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class ShownStep(LocalName):
    """A step: `done_at` (None: still to do); `is_next`: it is what the member does now."""

    name: str
    name_en: str
    done_at: datetime | None
    is_next: bool
    rewarded: bool


@dataclass(frozen=True)
class MemberQuest:
    """A quest with its steps in their order; `days_left` counts begun days (None: no limit, or over)."""

    version: IncentiveVersion
    progress: QuestProgress
    state: QuestState
    steps: tuple[ShownStep, ...]
    days_left: int | None
    outcome: str = ""  # of its points: a RewardOutcome, empty before

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(step.done_at is not None for step in self.steps)


@dataclass(frozen=True)
class Incentives:
    """What a member has: badges by their latest award, quests with the open ones first."""

    badges: Sequence[HeldBadge]
    quests: Sequence[MemberQuest]


def incentives_of(member_id: int, staff: Staff, now: datetime) -> Incentives:
    """Badges and quests of a member that this person may see. Four queries."""
    return Incentives(_badges(member_id, staff, now), _quests(member_id, staff, now))


def _badges(member_id: int, staff: Staff, now: datetime) -> list[HeldBadge]:
    found = BadgeAward.objects.filter(member=member_id, at__lte=now, superseded_at=None)
    held: dict[int, list[BadgeAward]] = defaultdict(list)
    for award in found.select_related("version").order_by("-at")[:SHOWN]:
        if _is_seen(award.version, staff):
            held[award.incentive_id].append(award)
    return [
        HeldBadge(
            awards[0].version,
            awards[0].at,
            tuple(award.period for award in awards if award.period),
            len(awards),
        )
        for awards in held.values()
    ]


def _quests(member_id: int, staff: Staff, now: datetime) -> list[MemberQuest]:
    found = QuestProgress.objects.filter(member=member_id, started_at__lte=now, superseded_at=None)
    rows = [row for row in found.select_related("version") if _is_seen(row.version, staff)]
    done: dict[int, dict[int, datetime]] = defaultdict(dict)
    steps = StepDone.objects.filter(member=member_id, at__lte=now, superseded_at=None)
    for version, position, at in steps.values_list("version", "position", "at"):
        done[version][position] = at
    rewards = IncentiveReward.objects.filter(member=member_id, earned__in=[row.id for row in rows])
    outcomes = {
        (version, earned): outcome
        for version, earned, outcome in rewards.values_list("version", "earned", "outcome")
    }
    quests = [
        MemberQuest(
            row.version,
            row,
            state := _state(row, now),
            _steps(row.version, done[row.version_id], state),
            _days_left(row, state, now),
            outcomes.get((row.version_id, row.id), ""),
        )
        for row in rows
    ]
    order = list(QuestState)
    return sorted(quests, key=lambda one: (order.index(one.state), -one.progress.started_at.timestamp()))


def _is_seen(version: IncentiveVersion, staff: Staff) -> bool:
    return is_seen({"rule": version.rule, "steps": version.steps}, staff)


def _state(row: QuestProgress, now: datetime) -> QuestState:
    if row.completed_at and row.completed_at <= now:
        return QuestState.COMPLETED
    return QuestState.EXPIRED if row.ends_at and row.ends_at <= now else QuestState.OPEN


def _days_left(row: QuestProgress, state: QuestState, now: datetime) -> int | None:
    if state is not QuestState.OPEN or row.ends_at is None:
        return None
    return ceil((row.ends_at - now).total_seconds() / 86400)


def _steps(version: IncentiveVersion, done: dict[int, datetime], state: QuestState) -> tuple[ShownStep, ...]:
    """In a fixed order the first that is open is next, in a free one each is."""
    shown, turn = [], state is QuestState.OPEN
    for position, step in enumerate(version.steps, 1):
        at = done.get(position)
        is_next = turn and at is None
        shown.append(ShownStep(step["name"], step["name_en"], at, is_next, step["rewarded"]))
        if is_next and version.step_order == StepOrder.FIXED:
            turn = False
    return tuple(shown)
