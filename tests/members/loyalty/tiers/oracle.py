"""The rules of docs/loyalty.md in plain Python: every day of a member's life, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

DAY = timedelta(days=1)


@dataclass
class Rules:
    """A version of the policy; `thresholds` is {rank: {"average": …, "day_end": …, "points": …}}."""

    start: date
    metric: str = "average"
    review: str = "month_end"
    upgrade: str = "at_review"
    downgrade: str = "full"
    window_days: int = 30
    grace_days: int = 0
    protect_days: int = 0
    thresholds: dict[int, dict[str, Decimal]] = field(default_factory=dict)


@dataclass
class Facts:
    """What is known of a member: assets and points by day, and overrides (start, end, rank) in order."""

    registered: date
    assets: dict[date, Decimal] = field(default_factory=dict)
    points: list[tuple[date, int]] = field(default_factory=list)
    overrides: list[tuple[date, date, int]] = field(default_factory=list)


Change = tuple[date, int | None, int, str]  # day, from, to, reason


def assets_on(facts: Facts, day: date) -> Decimal:
    """The last known valuation on or before a day."""
    known = [one for one in facts.assets if one <= day]
    return facts.assets[max(known)] if known else Decimal(0)


def days_of(month: date) -> list[date]:
    first = month.replace(day=1)
    return [first + DAY * n for n in range(31) if (first + DAY * n).month == first.month]


def reached(rules: Rules, facts: Facts, day: date, *, at_once: bool) -> int:
    """The highest rank whose thresholds hold at the start of a day."""
    before = days_of(day.replace(day=1) - DAY)
    total = sum(assets_on(facts, one) for one in before)
    now = days_of(day)
    so_far = sum((assets_on(facts, one) for one in now if one < day), Decimal(0))
    points = sum(n for at, n in facts.points if day - DAY * rules.window_days <= at < day)

    def holds(kind: str, asked: Decimal) -> bool:
        if kind == "average":
            return total >= asked * len(before) or (at_once and so_far >= asked * len(now))
        if kind == "day_end":
            return assets_on(facts, day - DAY) >= asked
        return points >= asked

    found = 0
    for rank, asked in rules.thresholds.items():
        each = [holds(kind, value) for kind, value in asked.items()]
        if any(each) if rules.metric == "any" else all(each):
            found = max(found, rank)
    return found


def history(versions: list[Rules], facts: Facts, today: date) -> list[Change]:
    """The changes of a member's tier up to a day."""
    first = max(facts.registered, versions[0].start)
    tier: int | None = None
    shown: int | None = None
    over: int | None = None
    protected = pending_on = steps_from = date.min
    pending: int | None = None
    changes: list[Change] = []
    day = first
    while day <= today:
        rules = [one for one in versions if one.start <= day][-1]
        at_once = rules.upgrade == "at_once"
        review = rules.review == "daily" or day.day == 1 or day in (rules.start, first)
        if tier is None:
            tier = reached(rules, facts, day, at_once=at_once)
        elif review or at_once:
            rank = reached(rules, facts, day, at_once=at_once)
            if rank > tier:
                tier, protected, pending = rank, day + DAY * rules.protect_days, None
            elif rank == tier or (review and rules.downgrade == "none"):
                pending = None
            elif review and (rules.downgrade == "full" or day >= steps_from):
                if pending is None:
                    pending_on = max(day + DAY * rules.grace_days, protected)
                pending = tier - 1 if rules.downgrade == "one_step" else rank
        if pending is not None and pending_on <= day:
            tier, pending = pending, None
            steps_from = (day.replace(day=1) + DAY * 32).replace(day=1)
        before, over = over, next((r for a, b, r in reversed(facts.overrides) if a <= day < b), None)
        new = tier if over is None else over
        if new != shown:
            changes.append((day, shown, new, _why(shown, new, before, over)))
            shown = new
        day += DAY
    return changes


def _why(shown: int | None, new: int, before: int | None, over: int | None) -> str:
    if shown is None:
        return "entered"
    if over != before:
        return "returned" if over is None else "override"
    return "reached" if new > shown else "not_kept"
