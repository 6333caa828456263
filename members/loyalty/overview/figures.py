"""The data of the overview's charts and tables, from the kept numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from crm.web import charts
from crm.web.components import Text
from members.loyalty.models import IncentiveVersion, Tier
from members.loyalty.overview.counts.read import Moves, Numbers, Usage


@dataclass(frozen=True)
class TierRow:
    """Members in a tier now, and their share of all in the programme."""

    tier: Tier
    members: int
    share: float
    address: str


@dataclass(frozen=True)
class PointsRow:
    """Points of a month, and what members held at its end (or now)."""

    month: date
    issued: int
    redeemed: int
    expired: int
    outstanding: int


@dataclass(frozen=True)
class BenefitRow:
    """Uses and cost of a benefit in a month and in the last twelve, in platform currency."""

    name: str
    month: Usage
    year: Usage


@dataclass(frozen=True)
class QuestRow:
    """How many members ever started and completed a quest, and the stages it is meant to lead between."""

    version: IncentiveVersion
    started: int
    completed: int

    @property
    def share(self) -> float | None:
        return self.completed / self.started if self.started else None


@dataclass(frozen=True)
class BadgeRow:
    """How often a badge was awarded."""

    version: IncentiveVersion
    awards: int


def tier_rows(numbers: Numbers, tiers: Sequence[Tier], address: Callable[[Tier], str]) -> list[TierRow]:
    """A row for each tier, the highest first."""
    total = sum(numbers.tiers.get(tier.pk, 0) for tier in tiers)
    return [
        TierRow(tier, count, count / total if total else 0.0, address(tier))
        for tier in sorted(tiers, key=lambda one: -one.rank)
        for count in [numbers.tiers.get(tier.pk, 0)]
    ]


def tier_chart(rows: Sequence[TierRow]) -> charts.Bars | None:
    """A bar for each tier; None while nobody is in any."""
    if not any(row.members for row in rows):
        return None
    return charts.bars([("", row.tier.local_name, row.members) for row in rows])


def above_lowest(rows: Sequence[TierRow]) -> tuple[int, float]:
    """Members above the lowest tier, and their share of all."""
    found = [row for row in rows if row.tier.rank]
    return sum(row.members for row in found), sum(row.share for row in found)


def steps(moves: Moves, tiers: Sequence[Tier]) -> tuple[int, int]:
    """Upgrades and downgrades among the changes of a month; a first tier is neither."""
    ranks = {tier.pk: tier.rank for tier in tiers}
    pairs = [(ranks[left], ranks[to], count) for (left, to), count in moves.items() if left is not None]
    return sum(n for a, b, n in pairs if b > a), sum(n for a, b, n in pairs if b < a)


def flow_table(moves: Moves, tiers: Sequence[Tier], address: Callable[[Tier, Tier], str]) -> charts.HeatTable:
    """Changes from a tier (row) to another (column); each number links to its members."""
    rows = [
        (left.local_name, [None if left.pk == to.pk else moves.get((left.pk, to.pk), 0) for to in tiers])
        for left in tiers
    ]
    return charts.heat_table(
        [tier.local_name for tier in tiers], rows, lambda row, column: address(tiers[row], tiers[column])
    )


def points_rows(numbers: Numbers, firsts: Sequence[date]) -> list[PointsRow]:
    """A row for each month, the latest first; `firsts` are their first days in order, and one more."""
    rows = [
        PointsRow(first, month.issued, month.redeemed, month.expired, numbers.outstanding(following))
        for first, following in zip(firsts[:-1], firsts[1:], strict=True)
        for month in [numbers.month(first)]
    ]
    return rows[::-1]


def points_chart(rows: Sequence[PointsRow], labels: Sequence[Text]) -> charts.Lines | None:
    """Issued, redeemed and expired points by month, as lines; None where there are none."""
    if not any(row.issued or row.redeemed or row.expired for row in rows):
        return None
    inorder = rows[::-1]
    values = (
        [row.issued for row in inorder],
        [row.redeemed for row in inorder],
        [row.expired for row in inorder],
    )
    series = [charts.Series("", label, each) for label, each in zip(labels, values, strict=True)]
    return charts.lines([row.month for row in inorder], series)


def outstanding_chart(rows: Sequence[PointsRow], label: Text) -> charts.Lines | None:
    """Points held at the end of each month; None where there are none."""
    if not any(row.outstanding for row in rows):
        return None
    return charts.lines(
        [row.month for row in rows[::-1]],
        [charts.Series("", label, [row.outstanding for row in rows[::-1]])],
    )


def benefit_rows(
    numbers: Numbers, names: Mapping[int, str], month: date, year: Sequence[date]
) -> list[BenefitRow]:
    """A row for each benefit that was used in the year, the dearest first."""
    used, now = numbers.usage(year), numbers.usage([month])
    rows = [BenefitRow(name, now.get(pk, Usage()), used[pk]) for pk, name in names.items() if pk in used]
    return sorted(rows, key=lambda row: (-row.year.cost, -row.year.uses, row.name))


def benefit_total(rows: Sequence[BenefitRow]) -> Decimal:
    """What the benefits of a month cost."""
    return sum((row.month.cost for row in rows), Decimal(0))
