"""Why a member has a tier, what keeps it, and what the next one takes, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_UP, Decimal
from typing import Any

from crm.runtime.clock import day_of
from members.loyalty.models import Review, Tier, TierChange, TierOverride, TierPolicy, TierStanding
from members.loyalty.tiers.policy.draft import READ_BY
from members.loyalty.tiers.policy.versions import policy_on
from members.portfolio.models import Valuation

DAY = timedelta(days=1)
CENT = Decimal("0.01")
CHANGES = 50  # shown of a history


@dataclass(frozen=True)
class Goal:
    """What one metric asks for a tier: `has` of `asked`, decided on the morning of `decided_on`.

    `hold`: assets that have to be there on every day from today until then (monthly average), None where the
    metric is not one of assets. `short` is what is missing of it today, 0 where the goal is met.
    """

    kind: str  # average, day_end or points
    tier: Tier
    asked: Decimal
    has: Decimal
    hold: Decimal | None
    short: Decimal
    decided_on: date


@dataclass(frozen=True)
class Explanation:
    """The tier of a member in a programme as of an instant, with the rules, inputs and days it rests on."""

    standing: TierStanding
    policy: TierPolicy
    tiers: Sequence[Tier]
    override: TierOverride | None
    to_keep: list[Goal] = field(default_factory=list)
    to_reach: list[Goal] = field(default_factory=list)
    history: list[TierChange] = field(default_factory=list)
    next_review: date | None = None

    @property
    def any_is_enough(self) -> bool:
        return self.policy.metric == "any"


def explain(
    member: int,
    programme: int | None = None,
    *,
    now: datetime,
    points: int | None = None,
    with_history: bool = True,
) -> Explanation | None:
    """The explanation; None for somebody without a tier (not registered, or not reviewed yet).

    Six queries, five without the history. No `programme` is the main one. `points` are those earned within
    the period, where the caller knows them (the ledger is not read here).
    """
    today = day_of(now)
    standings = TierStanding.objects.select_related("tier", "earned", "pending", "falls_to")
    which = {"programme": programme} if programme else {"programme__is_main": True}
    standing = standings.filter(member=member, **which).first()
    if standing is None:
        return None
    programme = standing.programme_id
    policy = policy_on(programme, today)
    if policy is None:
        return None
    tiers = list(Tier.objects.filter(programme=programme).order_by("rank"))
    overrides = TierOverride.objects.filter(
        member=member, programme=programme, starts_on__lte=today, ends_on__gt=today
    )
    history = TierChange.objects.filter(member=member, programme=programme).select_related(
        "from_tier", "to_tier"
    )
    known = _Assets.read(member, today)
    rank = standing.earned.rank
    return Explanation(
        standing=standing,
        policy=policy,
        tiers=tiers,
        override=overrides.select_related("tier").order_by("-id").first(),
        to_keep=_goals(policy, tiers, rank, known, points) if rank else [],
        to_reach=_goals(policy, tiers, rank + 1, known, points),
        history=list(history.order_by("-effective_at", "-id")[:CHANGES]) if with_history else [],
        next_review=known.today + DAY if policy.review == Review.DAILY else known.month_end,
    )


@dataclass(frozen=True)
class _Assets:
    """Assets of the current month: the sum of the days before today, and what is known of now."""

    today: date
    month_end: date  # the first day of the next month
    so_far: Decimal
    now: Decimal

    @classmethod
    def read(cls, member: int, today: date) -> _Assets:
        """One query: the valuations of the month, and the one before it."""
        month = today.replace(day=1)
        rows = Valuation.objects.filter(member=member, date__lt=today).order_by("-date")
        values = dict(rows.values_list("date", "aum")[: today.day + 1])
        value, so_far = Decimal(0), Decimal(0)
        if before := [day for day in values if day < month]:
            value = values[max(before)]
        for number in range(today.day - 1):
            value = values.get(month + DAY * number, value)
            so_far += value
        month_end = (month + timedelta(days=32)).replace(day=1)
        return cls(today, month_end, so_far, value)

    @property
    def days(self) -> int:
        return (self.month_end - self.month_end_before).days

    @property
    def month_end_before(self) -> date:
        return self.today.replace(day=1)

    def average(self) -> Decimal:
        """The average of the month if nothing changes any more."""
        left = (self.month_end - self.today).days
        return (self.so_far + self.now * left) / self.days

    def hold_for(self, average: Decimal) -> Decimal:
        """What every day from today on has to have, so that the month reaches an average."""
        left = (self.month_end - self.today).days
        return max((average * self.days - self.so_far) / left, Decimal(0)).quantize(CENT, ROUND_UP)


def _goals(
    policy: TierPolicy, tiers: Sequence[Tier], rank: int, assets: _Assets, points: int | None
) -> list[Goal]:
    """What each metric asks for a rank; none above the highest."""
    tier = next((one for one in tiers if one.rank == rank), None)
    asked: dict[str, Any] = next(
        (one for one in policy.thresholds if tier is not None and one["tier"] == tier.pk), {}
    )
    return [
        _goal(kind, tier, Decimal(str(asked[kind])), policy, assets, points)
        for kind in READ_BY[policy.metric]
        if tier is not None and kind in asked
    ]


def _goal(
    kind: str, tier: Tier, asked: Decimal, policy: TierPolicy, assets: _Assets, points: int | None
) -> Goal:
    daily = policy.review == Review.DAILY
    if kind == "average":
        hold = assets.hold_for(asked)
        return Goal(
            kind, tier, asked, assets.average(), hold, max(hold - assets.now, Decimal(0)), assets.month_end
        )
    decided = assets.today + DAY if daily else assets.month_end
    if kind == "day_end":
        return Goal(kind, tier, asked, assets.now, asked, max(asked - assets.now, Decimal(0)), decided)
    has = Decimal(points or 0)
    return Goal(kind, tier, asked, has, None, max(asked - has, Decimal(0)), decided)
