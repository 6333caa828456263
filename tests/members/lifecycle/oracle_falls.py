"""The falls of a curve of assets by their definition: every day looked at as a peak of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

CENT = Decimal("0.01")
Curve = dict[date, Decimal]  # the assets of every day of the window


class FallPolicy(Protocol):
    """The thresholds of falls."""

    @property
    def fall_share(self) -> Decimal: ...
    @property
    def fall_floor(self) -> Decimal: ...
    @property
    def fall_recovery_share(self) -> Decimal: ...
    @property
    def fall_window_days(self) -> int: ...
    @property
    def fall_memory_days(self) -> int: ...


@dataclass(frozen=True)
class Fall:
    """One fall: its peak, its first day, the lowest assets until it was over, the day assets ended it."""

    peak_on: date
    peak: Decimal
    day: date
    low: Decimal
    needed: Decimal
    recovered_on: date | None


@dataclass(frozen=True)
class Falls:
    """What is said of all falls of a member; the names are those of the function lifecycle_falls."""

    peak: Decimal | None
    fallen_on: date | None
    trough: Decimal
    recovers_from: Decimal
    recovers_at: Decimal
    forgotten_on: date | None
    falls_today: bool
    recovered_at: Decimal | None
    came_back: bool
    lapsed: bool
    is_gone: bool
    next_peak: Decimal | None


def falls_of(curve: Curve, policy: FallPolicy, today: date, normal_on: date | None) -> Falls:
    """The falls of a curve that ends today, and what they say together."""
    memory = timedelta(policy.fall_memory_days)

    def counts(peak_on: date) -> bool:
        return normal_on is None or peak_on >= normal_on

    from_day = {peak_on: _fall(curve, policy, peak_on) for peak_on in curve}
    found = [fall for fall in from_day.values() if fall is not None]
    known = [f for f in found if counts(f.peak_on) or (normal_on is not None and f.day <= normal_on)]
    highest = {fall.day: fall for fall in sorted(known, key=lambda fall: fall.peak)}
    lives = list(highest.values())
    unended = [fall for fall in lives if fall.recovered_on is None]
    still = [fall for fall in unended if counts(fall.peak_on) and fall.day + memory > today]
    told = max(still, key=lambda fall: (fall.peak, fall.day), default=None)
    today_ended = [
        f for f in lives if f.recovered_on == today and counts(f.peak_on) and f.day + memory >= today
    ]
    standing = [
        level
        for day, level in curve.items()
        if counts(day)
        and (today - day).days < policy.fall_window_days
        and from_day[day] is None
        and all(later < level for later in _between(curve, day, today + timedelta(1)))
    ]
    return Falls(
        peak=told.peak if told else None,
        fallen_on=told.day if told else None,
        trough=max((fall.low for fall in still), default=Decimal(0)),
        recovers_from=min((fall.needed for fall in still), default=Decimal(0)),
        recovers_at=max((fall.needed for fall in still), default=Decimal(0)),
        forgotten_on=max((fall.day + memory for fall in still), default=None),
        falls_today=any(fall.day == today for fall in still),
        recovered_at=max((fall.needed for fall in today_ended if fall.day + memory > today), default=None),
        came_back=bool(today_ended),
        lapsed=any(counts(fall.peak_on) and fall.day + memory == today for fall in unended),
        is_gone=any(fall not in still for fall in unended),
        next_peak=max(standing, default=None),
    )


def _between(curve: Curve, after: date, before: date) -> Iterator[Decimal]:
    """The assets of the days of the curve between two days."""
    for n in range(1, (before - after).days):
        if (day := after + timedelta(n)) in curve:
            yield curve[day]


def _fall(curve: Curve, policy: FallPolicy, peak_on: date) -> Fall | None:
    """The fall from one day: None where no later day within the window is low enough, or where a day
    between had as much."""
    peak = curve[peak_on]
    limit = peak * (1 - policy.fall_share)
    if peak < policy.fall_floor:
        return None
    later = (peak_on + timedelta(n) for n in range(1, policy.fall_window_days))
    begun = next((day for day in later if day in curve and curve[day] <= limit), None)
    if begun is None:
        return None
    if any(level >= peak for level in _between(curve, peak_on, begun)):
        return None
    low, recovered_on = curve[begun], None
    for day in sorted(day for day in curve if day > begun):
        if curve[day] >= low + policy.fall_recovery_share * (peak - low):
            recovered_on = day
            break
        low = min(low, curve[day])
    needed = (low + policy.fall_recovery_share * (peak - low)).quantize(CENT, ROUND_CEILING)
    return Fall(peak_on, peak, begun, low, needed, recovered_on)
