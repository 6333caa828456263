"""Calendar days, and the assets of a member on each of them, as docs/lifecycle.md defines them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache

from tests.members.lifecycle.oracle_facts import Facts, Policy


@lru_cache(100_000)  # asked again and again for the same facts
def day_of(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()


@lru_cache(100_000)
def first_instant(day: date, zone: tzinfo) -> datetime:
    """The earliest instant whose calendar day is `day`, also where midnight is skipped or comes twice."""
    return datetime.combine(day, time.min, zone).replace(fold=0).astimezone(UTC)


def aum_on(facts: Facts, day: date, zone: tzinfo) -> Decimal:
    """AUM(d) of facts that all exist."""
    valued = max((valued for valued in facts.valuations if valued <= day), default=None)
    base = Decimal(0) if valued is None else facts.valuations[valued]
    for at, kind, amount in facts.transactions:
        moved = day_of(at, zone)
        if moved <= day and (valued is None or moved > valued):
            base += {"buy": amount, "redemption": -amount, "payout": -amount}.get(kind, Decimal(0))
    return max(base, Decimal(0))


def held_on(
    facts: Facts, policy: Policy, day: date, today: date, zone: tzinfo
) -> tuple[Decimal, date | None]:
    """The money paid out that still counts on a day, and from which day on it does not, or not all of it.

    For each of the last days with a payout: what was paid out since, less what was bought since.
    """
    if not any(kind == "payout" for _, kind, _ in facts.transactions):
        return Decimal(0), None
    first = today - timedelta(policy.window - 1)
    net: dict[date, Decimal] = {}
    paid: set[date] = set()
    for when, kind, amount in facts.transactions:
        moved = day_of(when, zone)
        if kind in ("payout", "buy") and first <= moved <= day:
            net[moved] = net.get(moved, Decimal(0)) + (amount if kind == "payout" else -amount)
            paid |= {moved} if kind == "payout" else set()
    left = {
        start: sum(amount for moved, amount in net.items() if moved >= start)
        for start in paid
        if (day - start).days < policy.payout_grace_days
    }
    most = max(left.values(), default=Decimal(0))
    if most <= 0:
        return Decimal(0), None
    return Decimal(most), max(start for start in left if left[start] == most) + timedelta(
        policy.payout_grace_days
    )
