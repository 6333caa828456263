"""Which benefits a member has at an instant, and what is left of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection

from members.loyalty.models import BenefitVersion, Programme, Tier

_SQL = """
SELECT benefit_id, version_id, tier_id, quota, used, used_by_member, household_id, period_start, period_end,
       cost, needs_approval
FROM loyalty_benefits_of(%s, %s, %s)
"""


@dataclass(frozen=True)
class Available:
    """A benefit that a member has: `used` of `quota` in the calendar period from `period_start` to
    `last_day`, both platform days.

    `tier` gave the quota: the member's, or of a shared benefit the best in the household. With a
    `household_id` the quota is the household's; `used_by_member` is the member's own part of `used`.
    `cost` is that of one use, in platform currency; with `needs_approval` it takes a request.
    """

    benefit_id: int
    version: BenefitVersion
    tier: Tier
    quota: int
    used: int
    used_by_member: int
    household_id: int | None
    period_start: date
    last_day: date
    cost: Decimal
    needs_approval: bool

    @property
    def left(self) -> int:
        """What remains; never below zero, also where a lower tier has a smaller quota than is used."""
        return max(self.quota - self.used, 0)

    @property
    def spent(self) -> Decimal:
        """What the uses of the period cost, at today's cost of one."""
        return self.cost * self.used


def available_benefits(member_id: int, at: datetime, benefit_id: int | None = None) -> list[Available]:
    """What the member has at `at`, the main programme first, by kind and name. Three queries."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [member_id, at, benefit_id])
        rows = cursor.fetchall()
    if not rows:
        return []
    versions = BenefitVersion.objects.select_related("benefit__programme").in_bulk([row[1] for row in rows])
    tiers = Tier.objects.in_bulk({row[2] for row in rows})
    found = [
        Available(
            benefit_id=row[0],
            version=versions[row[1]],
            tier=tiers[row[2]],
            quota=row[3],
            used=row[4],
            used_by_member=row[5],
            household_id=row[6],
            period_start=row[7],
            last_day=row[8] - timedelta(days=1),
            cost=row[9],
            needs_approval=row[10],
        )
        for row in rows
    ]
    return sorted(found, key=_order)


def _order(one: Available) -> tuple[bool, int, str, str, int]:
    programme: Programme = one.version.benefit.programme
    return (
        not programme.is_main,
        programme.pk,
        one.version.kind,
        one.version.local_name,
        one.benefit_id,
    )
