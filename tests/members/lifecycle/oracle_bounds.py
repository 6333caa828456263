"""The bounds of assets within which an answer holds, as the table of docs/lifecycle.md gives them."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import ROUND_DOWN, Decimal

from tests.members.lifecycle.oracle import CENT, Facts, Inputs, Policy, in_force, inputs


def bounds(
    facts: Facts, policies: list[Policy], at: datetime, zone: tzinfo
) -> tuple[Decimal | None, Decimal | None]:
    """[aum_low, aum_high] as the table of the definition gives them, less the money held."""
    policy = in_force(policies, at)
    given = inputs(facts, policy, at, zone)
    if given.first_invested_at is None:
        return None, Decimal(0)
    low, high = bounds_of_worth(given, policy)
    return None if low is None else low - given.held, None if high is None else high - given.held


def bounds_of_worth(given: Inputs, policy: Policy) -> tuple[Decimal | None, Decimal | None]:
    """The bounds of assets and of the money held with them."""
    lows, highs = [], []
    if given.worth > policy.empty_aum:
        lows.append(policy.empty_aum + CENT)
    else:
        highs.append(policy.empty_aum)
    if given.worth >= policy.mature_aum:
        lows.append(policy.mature_aum)
    else:
        highs.append(policy.mature_aum - CENT)
    falls = given.falls
    if falls.recovered_at is not None:
        lows.append(falls.recovered_at)
    if given.worth >= policy.warn_floor:
        lows.append(policy.warn_floor)
    else:
        highs.append(policy.warn_floor - CENT)
    if falls.peak is not None:
        lows.append(falls.trough)
        highs.append(falls.recovers_from - CENT)
        if falls.falls_today:
            highs.append(given.worth)
        if falls.peak >= policy.warn_floor:
            return max(lows, default=None), min(highs, default=None)
    worth = max(policy.fall_floor, policy.warn_floor)
    may_fall = falls.peak is None and falls.next_peak is not None and falls.next_peak >= policy.fall_floor
    if may_fall:
        lows.append(limit(falls.next_peak, policy.fall_share))
    if given.warned_fallen:
        highs.append(given.worth)
    elif given.peak_lately >= worth:
        lows.append(limit(given.peak_lately, policy.warn_fall_share))
        highs.append(given.peak_lately)
    elif falls.peak is not None:
        highs.append(worth - CENT)
    else:
        highs.append(falls.next_peak if may_fall else policy.fall_floor - CENT)
    return max(lows, default=None), min(highs, default=None)


def limit(peak: Decimal, share: Decimal) -> Decimal:
    """The lowest assets that are not fallen from the peak by the share."""
    return (peak * (1 - share)).quantize(CENT, ROUND_DOWN) + CENT
