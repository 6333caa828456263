"""Give the points of badges and quests once and within the budget; take back those of what was corrected."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from crm.runtime.sql_files import sql_beside
from members.loyalty.models import IncentiveReward, PointsEntry, RewardOutcome
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.earn import Earning, earn_many

_sql = sql_beside(__file__)
BATCH = 5_000
KEY_PREFIX = "incentive"


@dataclass(frozen=True)
class Owed:
    """Points that a badge or quest brings: `spent` of `budget` (None: without limit) were given before."""

    member_id: int
    reward_id: int
    version_id: int
    programme_id: int
    earned: int
    at: datetime
    points: int
    budget: int | None
    spent: int


def rewards_waiting() -> bool:
    """Whether settle_rewards() would find anything to do."""
    waiting = (RewardOutcome.OWED, RewardOutcome.TO_REVERSE)
    return IncentiveReward.objects.filter(outcome__in=waiting).exists()


def settle_rewards(*, now: datetime, batch: int = BATCH) -> tuple[int, int]:
    """Give and take back what waits; returns how many rewards were given, and how many taken back.

    One worker at a time, so that a budget is never exceeded; each batch is committed whole.
    """
    given = taken = 0
    while number := _give_batch(now, batch):
        given += number
    while number := _take_back_batch(now, batch):
        taken += number
    return given, taken


@transaction.atomic
def _give_batch(now: datetime, batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loyalty incentive rewards', 0))")
        cursor.execute(_sql("owed"), {"batch": batch})
        owed = [Owed(*row) for row in cursor.fetchall()]
    if not owed:
        return 0
    left: dict[int, int | None] = {}
    by_programme: dict[int, list[Earning]] = defaultdict(list)
    spent: dict[RewardOutcome, list[int]] = defaultdict(list)
    for one in owed:
        rest = left.setdefault(one.version_id, None if one.budget is None else one.budget - one.spent)
        is_paid = rest is None or rest >= one.points
        spent[RewardOutcome.PAID if is_paid else RewardOutcome.BUDGET_SPENT].append(one.reward_id)
        if is_paid:
            left[one.version_id] = None if rest is None else rest - one.points
            by_programme[one.programme_id].append(
                Earning(one.member_id, key_of(one.version_id, one.earned), one.points, one.at)
            )
    members = {one.member_id for one in owed}
    for outcome, ids in spent.items():
        IncentiveReward.objects.filter(member__in=members, id__in=ids).update(outcome=outcome)
    for programme, earnings in by_programme.items():
        earn_many(programme, earnings, now=now)
    return len(owed)


def key_of(version_id: int, earned: int) -> str:
    """The ledger's key of a reward."""
    return f"{KEY_PREFIX}:{version_id}:{earned}"


@transaction.atomic
def _take_back_batch(now: datetime, batch: int) -> int:
    """Claw back what rests on superseded awards and quests: one call of the ledger each, as these are few."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('loyalty incentive rewards', 0))")
        cursor.execute(_sql("to_take_back"), {"batch": batch})
        rows = cursor.fetchall()
    keys = {(member, key_of(version, earned)) for member, _id, version, earned, _programme in rows}
    entries = PointsEntry.objects.filter(
        member__in={member for member, _key in keys}, key__in={k for _m, k in keys}
    )
    found = {(member, key): entry for member, key, entry in entries.values_list("member", "key", "id")}
    for member, reward, version, earned, programme in rows:
        key = key_of(version, earned)
        claw_back(programme, member, found[member, key], key=f"{key}:superseded", now=now)
        IncentiveReward.objects.filter(member=member, id=reward).update(outcome=RewardOutcome.REVERSED)
    return len(rows)
