"""What a version of a benefit would cost in a year, and what it asks of suppliers and relationship managers.

Members are counted by their tier of now. The most that a version can cost is every quota used up; what was
used in the last 365 days tells what it would cost if nothing else changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max

from crm.runtime.sql_files import sql_beside
from members.loyalty.benefits.settings.change import Draft, quotas_of
from members.loyalty.models import BenefitPeriod, BenefitUse, BenefitVersion, TierStanding

RANGE = 100_000  # members counted by one statement
PERIODS = {BenefitPeriod.MONTH: 12, BenefitPeriod.QUARTER: 4, BenefitPeriod.YEAR: 1}
_RANGE = sql_beside(__file__)("preview_range")


@dataclass(frozen=True)
class Load:
    """What one version asks for in a year: `holders` (members, of a shared benefit households) with a quota,
    `uses` if they use all of it, and what these cost."""

    holders: int = 0
    uses: int = 0
    cost: Decimal = Decimal(0)

    def as_list(self) -> list[Any]:
        return [self.holders, self.uses, str(self.cost)]


@dataclass
class Preview:
    """`tiers[code] = (before, after, used)` with the uses of the last 365 days; `managers[staff] = (hours
    before, hours after)` in a year, None: members without one."""

    tiers: dict[str, tuple[Load, Load, int]] = field(default_factory=dict)
    managers: dict[int | None, tuple[Decimal, Decimal]] = field(default_factory=dict)
    members: int = 0
    used_cost: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))  # of last year's uses at either cost

    @property
    def cost(self) -> tuple[Decimal, Decimal]:
        """The most of a year: (before, after)."""
        loads = self.tiers.values()
        return (
            sum((before.cost for before, _after, _used in loads), Decimal(0)),
            sum((after.cost for _before, after, _used in loads), Decimal(0)),
        )

    def to_json(self) -> dict[str, Any]:
        """The preview for a JSON field, money and hours as text."""
        before, after = self.cost
        return {
            "tiers": [
                [code, old.as_list(), new.as_list(), used] for code, (old, new, used) in self.tiers.items()
            ],
            "managers": [[staff, *map(str, hours)] for staff, hours in self.managers.items()],
            "members": self.members,
            "cost": {"before": str(before), "after": str(after)},
            "used_cost": [str(cost) for cost in self.used_cost],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Preview:
        """Back from to_json()."""
        return cls(
            tiers={code: (_load(old), _load(new), used) for code, old, new, used in stored["tiers"]},
            managers={staff: (Decimal(old), Decimal(new)) for staff, old, new in stored["managers"]},
            members=stored["members"],
            used_cost=(Decimal(stored["used_cost"][0]), Decimal(stored["used_cost"][1])),
        )


def _load(stored: list[Any]) -> Load:
    return Load(stored[0], stored[1], Decimal(stored[2]))


Groups = Mapping[tuple[str, int | None], tuple[int, int]]  # (tier, staff): members, of these heads


def preview(made: Draft, *, today: date, progress: Callable[[int, int], None] | None = None) -> Preview:
    """What the draft would bring against its base; stores nothing.

    `progress` gets the members counted and all there are.
    """
    groups = _groups(made.programme.pk, progress)
    old, new = quotas_of(made.base) if made.base else {}, made.quotas
    used = _used(made, today)
    return Preview(
        tiers={
            code: (
                _load_of(made.base, old.get(code, 0), code, groups),
                _load_of(made.version, new.get(code, 0), code, groups),
                used.get(code, 0),
            )
            for code in {**old, **new}
        },
        managers=_hours(made, old, new, groups),
        members=sum(members for members, _heads in groups.values()),
        used_cost=(
            (made.base.cost if made.base else Decimal(0)) * used.total(),
            made.version.cost * sum(count for code, count in used.items() if code in new),
        ),
    )


def _groups(programme: int, progress: Callable[[int, int], None] | None) -> Groups:
    """Members by tier and manager, counted range by range."""
    standings = TierStanding.objects.filter(programme=programme)
    last = standings.aggregate(last=Max("member_id"))["last"] or 0
    members: Counter[tuple[str, int | None]] = Counter()
    heads: Counter[tuple[str, int | None]] = Counter()
    for low in range(0, last + 1, RANGE):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RANGE, {"programme": programme, "low": low, "high": low + RANGE})
            (found,) = cursor.fetchone()
        for tier, staff, count, leading in json.loads(found) if isinstance(found, str) else found:
            members[tier, staff] += count
            heads[tier, staff] += leading
        if progress:
            progress(min(low + RANGE, last), last)
    return {key: (count, heads[key]) for key, count in members.items()}


def _uses(version: BenefitVersion, quota: int, counts: tuple[int, int]) -> tuple[int, int]:
    """(who holds the quota, uses in a year) of one group."""
    holders = counts[1] if version.is_shared else counts[0]
    return holders, holders * quota * PERIODS[BenefitPeriod(version.period)]


def _load_of(version: BenefitVersion | None, quota: int, tier: str, groups: Groups) -> Load:
    if version is None or not quota:
        return Load()
    found = [_uses(version, quota, counts) for (code, _staff), counts in groups.items() if code == tier]
    uses = sum(uses for _holders, uses in found)
    return Load(sum(holders for holders, _uses in found), uses, uses * version.cost)


def _hours(
    made: Draft, old: Mapping[str, int], new: Mapping[str, int], groups: Groups
) -> dict[int | None, tuple[Decimal, Decimal]]:
    """Hours of each manager in a year, if every quota is used up; who has none either way is left out."""
    hours: dict[int | None, tuple[Decimal, Decimal]] = {}
    for (tier, staff), counts in groups.items():
        before, after = hours.get(staff, (Decimal(0), Decimal(0)))
        if made.base and old.get(tier):
            before += _uses(made.base, old[tier], counts)[1] * made.base.manager_hours
        if new.get(tier):
            after += _uses(made.version, new[tier], counts)[1] * made.version.manager_hours
        hours[staff] = (before, after)
    return {staff: pair for staff, pair in hours.items() if any(pair)}


def _used(made: Draft, today: date) -> Counter[str]:
    """Uses of the last 365 days by the code of the tier that gave the quota."""
    if made.base is None:
        return Counter()
    uses = BenefitUse.objects.filter(
        benefit=made.base.benefit_id, undone_at=None, day__gt=today - timedelta(days=365), day__lte=today
    )
    return Counter(dict(uses.values_list("tier__code").annotate(Count("id")).order_by()))
