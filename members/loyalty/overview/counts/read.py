"""The numbers of the overview of one programme, by month. They are of all members, whoever reads them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from members.loyalty.models import Counted, LoyaltyCount, Programme

Moves = dict[tuple[int | None, int], int]  # changes by (tier before, None where there was none; tier after)
GRANTED = ("earn", "adjust", "clawback", "debt_payment")  # kinds of entry: what was taken back is subtracted
SPENT = ("redeem", "reverse")


@dataclass(frozen=True)
class Usage:
    """Uses of a benefit and what they cost, in platform currency."""

    uses: int = 0
    cost: Decimal = Decimal(0)

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.uses + other.uses, self.cost + other.cost)


@dataclass
class Month:
    """What happened in a platform month.

    `points` are posted points with their sign, by kind of entry; `quests` members by (quest, "started" or
    "completed"), `badges` awards by badge.
    """

    moves: Moves = field(default_factory=dict)
    points: dict[str, int] = field(default_factory=dict)
    benefits: dict[int, Usage] = field(default_factory=dict)
    quests: dict[tuple[int, str], int] = field(default_factory=dict)
    badges: dict[int, int] = field(default_factory=dict)

    @property
    def issued(self) -> int:
        """Points earned and granted by adjustment, less those that were taken back."""
        return sum(self.points.get(kind, 0) for kind in GRANTED)

    @property
    def redeemed(self) -> int:
        """Points spent, less those of redemptions that were cancelled."""
        return -sum(self.points.get(kind, 0) for kind in SPENT)

    @property
    def expired(self) -> int:
        return -self.points.get("expire", 0)

    @property
    def cost(self) -> Decimal:
        """Of benefits, in platform currency."""
        return sum((one.cost for one in self.benefits.values()), Decimal(0))


@dataclass(frozen=True)
class Numbers:
    """Members by tier now, and what happened in each month that has anything, by its first day."""

    tiers: dict[int, int]
    months: dict[date, Month]

    def month(self, first: date) -> Month:
        return self.months.get(first) or Month()

    def outstanding(self, until: date) -> int:
        """Points that members hold, pending ones included, at the start of the day `until`."""
        return sum(sum(month.points.values()) for first, month in self.months.items() if first < until)

    def usage(self, firsts: Iterable[date]) -> dict[int, Usage]:
        """Uses of benefits over some months, by benefit."""
        found: dict[int, Usage] = defaultdict(Usage)
        for first in firsts:
            for benefit, used in self.month(first).benefits.items():
                found[benefit] += used
        return dict(found)

    def quest(self, quest: int, what: str) -> int:
        """How many members ever started or completed a quest."""
        return sum(month.quests.get((quest, what), 0) for month in self.months.values())

    def awards(self, badge: int) -> int:
        return sum(month.badges.get(badge, 0) for month in self.months.values())


def read_numbers(programme: Programme) -> Numbers:
    """One query over the kept counts."""
    tiers: dict[int, int] = {}
    months: dict[date, Month] = defaultdict(Month)
    rows = LoyaltyCount.objects.filter(programme=programme).values_list("counted", "month", "key", "other")
    for counted, first, key, other, count, amount in rows.annotate(Sum("count"), Sum("amount")).order_by():
        if counted == Counted.TIER:
            tiers[int(key)] = count
        elif counted == Counted.MOVE:
            months[first].moves[int(key) if key else None, int(other)] = count
        elif counted == Counted.POINTS:
            months[first].points[key] = int(amount)
        elif counted == Counted.BENEFIT:
            months[first].benefits[int(key)] = Usage(count, amount)
        elif counted == Counted.QUEST:
            months[first].quests[int(key), other] = count
        elif counted == Counted.BADGE:
            months[first].badges[int(key)] = count
    return Numbers(tiers, dict(months))
