"""What the overview shows: how many members are in each stage, since when, and who moved.

Every read starts at what the reader may see. Counts over all members come from index-only reads,
kept for a minute (the stock of past months for ten): no page counts members on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from crm.runtime.clock import day_of, day_start, zone
from crm.staff.models import Staff
from members.lifecycle.models import Stage, Standing, Transition
from members.profiles.models import Member
from members.profiles.visibility import sees_everybody

MINUTE, TEN_MINUTES = 60, 600
T = TypeVar("T")
Counts = dict[tuple[str, str], int]


def standings(staff: Staff) -> QuerySet[Standing]:
    """The standings of the members this person may see."""
    if sees_everybody(staff):
        return Standing.objects.all()
    return Standing.objects.filter(member__in=Member.objects.visible_to(staff).values("id"))


def transitions(staff: Staff) -> QuerySet[Transition]:
    """The transitions in force of the members this person may see."""
    rows = Transition.objects.filter(superseded_at=None)
    if sees_everybody(staff):
        return rows
    return rows.filter(member__in=Member.objects.visible_to(staff).values("id"))


def _kept(name: str, staff: Staff, seconds: int, read: Callable[[], T]) -> T:
    """Only what is the same for everybody is kept: a book is small enough to be read anew."""
    if not sees_everybody(staff):
        return read()
    found = cache.get(f"board:{name}")
    if found is None:
        found = read()
        cache.set(f"board:{name}", found, seconds)
    return found


def counts(staff: Staff) -> Counts:
    """Members by (stage, sub-state), an empty text for none; members not staged yet are left out."""

    def read() -> Counts:
        # Uses index: standing_by_stage
        rows = standings(staff).filter(stage__isnull=False).values_list("stage", "sub_state")
        return {
            (stage, sub or ""): count for stage, sub, count in rows.annotate(Count("member_id")).order_by()
        }

    return _kept("counts", staff, MINUTE, read)


def by_stage(found: Counts) -> dict[str, int]:
    """Members by stage, every stage named."""
    totals = dict.fromkeys(Stage.values, 0)
    for (stage, _), count in found.items():
        totals[stage] += count
    return totals


@dataclass(frozen=True)
class Stock:
    """Members in each stage at the end of each of some days; `bands` has a count for every day."""

    days: tuple[date, ...]
    bands: tuple[tuple[str, tuple[int, ...]], ...]


def months_back(today: date, count: int) -> list[date]:
    """The first days of this month and the `count` months before it, oldest first."""
    months = []
    year, month = today.year, today.month
    for _ in range(count + 1):
        months.append(date(year, month, 1))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return months[::-1]


def stock(staff: Staff, now: datetime, months: int = 12) -> Stock:
    """Members by stage at each month's beginning and now: today's counts with later transitions undone."""
    today = day_of(now)
    starts = months_back(today, months)

    def read() -> Stock:
        # Uses index: transition_by_time
        rows = (
            transitions(staff)
            .filter(effective_at__gte=day_start(starts[0]), effective_at__lte=now)
            .annotate(month=TruncMonth("effective_at", tzinfo=zone()))
            .values_list("month", "from_stage", "to_stage")
            .annotate(Count("member_id"))
            .order_by()
        )
        net: dict[tuple[date, str], int] = {}
        for month, left, entered, count in rows:
            if left == entered:
                continue
            for stage, sign in ((entered, 1), (left, -1)):
                if stage:
                    key = (month.date(), stage)
                    net[key] = net.get(key, 0) + sign * count
        return _backwards(by_stage(counts(staff)), starts, today, net)

    return _kept(f"stock:{today}:{months}", staff, TEN_MINUTES, read)


def _backwards(
    current: dict[str, int], starts: list[date], today: date, net: dict[tuple[date, str], int]
) -> Stock:
    columns: dict[str, list[int]] = {stage: [count] for stage, count in current.items()}
    for start in reversed(starts):
        for stage, values in columns.items():
            values.append(max(values[-1] - net.get((start, stage), 0), 0))
    days = [*starts, today]
    bands = tuple((stage, tuple(reversed(values))) for stage, values in columns.items())
    if today == starts[-1]:
        return Stock(tuple(starts), tuple((stage, values[:-2] + values[-1:]) for stage, values in bands))
    return Stock(tuple(days), bands)


@dataclass(frozen=True)
class Month:
    """A calendar month of the platform, as a half-open span of instants."""

    first: date

    @property
    def start(self) -> datetime:
        return day_start(self.first)

    @property
    def end(self) -> datetime:
        return day_start(self.following)

    @property
    def following(self) -> date:
        year, month = self.first.year, self.first.month
        return date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)

    @property
    def preceding(self) -> date:
        year, month = self.first.year, self.first.month
        return date(year - 1, 12, 1) if month == 1 else date(year, month - 1, 1)


def moves(staff: Staff, month: Month) -> dict[tuple[str, str], int]:
    """How many moved from one stage to another in the month; an empty text: not known before."""

    def read() -> dict[tuple[str, str], int]:
        # Uses index: transition_by_time
        rows = (
            transitions(staff)
            .filter(effective_at__gte=month.start, effective_at__lt=month.end, to_stage__isnull=False)
            .values_list("from_stage", "to_stage")
            .annotate(Count("member_id"))
            .order_by()
        )
        return {(left or "", entered): count for left, entered, count in rows if left != entered}

    return _kept(f"moves:{month.first}", staff, MINUTE, read)


def who_moved(staff: Staff, month: Month, left: str, entered: str) -> QuerySet[Transition]:
    """The transitions of one cell of that table."""
    side = Q(from_stage=left) if left else Q(from_stage=None)
    rows = transitions(staff).filter(side, to_stage=entered)
    return rows.filter(effective_at__gte=month.start, effective_at__lt=month.end)
