"""What the overview shows: how many members are in each stage, since when, and who moved.

Every read starts at what the reader may see. Counts over all members are sums over the kept counts
(members.lifecycle.counts.maintenance), remembered for a minute as are those of a team's books: no page counts
members on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate, TruncMonth

from crm.runtime.clock import day_start, zone
from crm.staff.models import Role, Staff
from members.lifecycle.models import Stage, StageCount, Standing, Transition, TransitionCount
from members.profiles.book import members_in_books_of
from members.profiles.visibility import sees_everybody

MINUTE = 60
T = TypeVar("T")
Counts = dict[tuple[str, str], int]


def standings(staff: Staff) -> QuerySet[Standing]:
    """The standings of the members this person may see."""
    if sees_everybody(staff):
        return Standing.objects.all()
    return Standing.objects.filter(member__in=members_in_books_of(staff))


def transitions(staff: Staff) -> QuerySet[Transition]:
    """The transitions in force of the members this person may see."""
    rows = Transition.objects.filter(superseded_at=None)
    if sees_everybody(staff):
        return rows
    return rows.filter(member__in=members_in_books_of(staff))


def kept(name: str, staff: Staff, seconds: int, read: Callable[[], T]) -> T:
    """What is the same for everybody, or for whoever leads a team, is kept: a book is read anew."""
    if sees_everybody(staff):
        key = f"board:{name}"
    elif staff.role == Role.TEAM_LEAD and staff.team_id is not None:
        key = f"board:{name}:team:{staff.team_id}"
    else:
        return read()
    found = cache.get(key)
    if found is None:
        found = read()
        cache.set(key, found, seconds)
    return found


def counts(staff: Staff) -> Counts:
    """Members by (stage, sub-state), an empty text for none; members not staged yet are left out."""

    def read() -> Counts:
        rows: QuerySet[Any, Any]
        if sees_everybody(staff):
            rows = StageCount.objects.values_list("stage", "sub_state").annotate(Sum("members"))
        else:
            rows = standings(staff).filter(stage__isnull=False).values_list("stage", "sub_state")
            rows = rows.annotate(Count("member_id"))
        return {(stage, sub or ""): count for stage, sub, count in rows.order_by() if count}

    return kept("counts", staff, MINUTE, read)


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


@dataclass(frozen=True)
class Moved:
    """Members who made a move in a month, and in the `week`-th week before a day (0: the last seven days).

    Stages and sub-states are empty texts where there is none; `week` is None outside the weeks asked for.
    """

    month: date
    week: int | None
    left: str
    left_sub: str
    entered: str
    entered_sub: str
    members: int


def moved(staff: Staff, *, since: date, today: date, weeks: int = 0) -> list[Moved]:
    """Moves in force from the first of a month on; the weeks end with the day before `today`. One query."""
    last = today - timedelta(days=1)
    fields = ("from_stage", "from_sub_state", "to_stage", "to_sub_state")

    def read() -> list[Moved]:
        rows: QuerySet[Any]
        total: Aggregate
        if sees_everybody(staff):  # Uses index: transitioncount_by_day
            rows, total = TransitionCount.objects.filter(day__gte=since), Sum("members")
        else:
            rows = transitions(staff).filter(effective_at__gte=day_start(since))
            rows = rows.annotate(day=TruncDate("effective_at", tzinfo=zone()))
            total = Count("member_id")
        in_weeks = Q(day__gt=last - timedelta(weeks=weeks), day__lte=last)
        week = Case(When(in_weeks, then=_WeeksBefore(Cast(Value(last), DateField()), F("day"))))
        found = (
            rows.annotate(month=TruncMonth("day"), week=week)
            .values_list("month", "week", *fields)
            .annotate(total)
            .order_by()
        )
        return [
            Moved(month, week, left or "", left_sub or "", entered or "", entered_sub or "", count)
            for month, week, left, left_sub, entered, entered_sub, count in found
            if count
        ]

    return kept(f"moved:{since}:{today}:{weeks}", staff, MINUTE, read)


class _WeeksBefore(Func):
    """Whole weeks from the second day to the first."""

    template = "((%(expressions)s) / 7)"
    arg_joiner = " - "
    output_field = IntegerField()


def stock(found: Counts, moves: Iterable[Moved], today: date, months: int = 12) -> Stock:
    """Members by stage at each month's beginning and now: today's counts with later moves undone."""
    net: dict[tuple[date, str], int] = {}
    for move in moves:
        if move.left != move.entered:
            for stage, sign in ((move.entered, 1), (move.left, -1)):
                net[move.month, stage] = net.get((move.month, stage), 0) + sign * move.members
    return _backwards(by_stage(found), months_back(today, months), today, net)


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


@dataclass(frozen=True)
class Week:
    """The seven platform days up to and with `last`, as a half-open span of instants."""

    last: date

    @property
    def first(self) -> date:
        return self.last - timedelta(days=6)

    @property
    def start(self) -> datetime:
        return day_start(self.first)

    @property
    def end(self) -> datetime:
        return day_start(self.last + timedelta(days=1))


def cells(moves: Iterable[Moved], month: Month) -> dict[tuple[str, str], int]:
    """How many moved from one stage to another in the month; an empty text: not known before."""
    found: dict[tuple[str, str], int] = {}
    for move in moves:
        if move.month == month.first and move.entered and move.left != move.entered:
            key = move.left, move.entered
            found[key] = found.get(key, 0) + move.members
    return found


def who_moved(
    staff: Staff, span: Month | Week, left: str, entered: str, entered_sub: str = ""
) -> QuerySet[Transition]:
    """The transitions behind one number: of a stage to another, or to a sub-state where one is named."""
    side = Q(from_stage=left) if left else Q(from_stage=None)
    rows = transitions(staff).filter(side, to_stage=entered)
    if entered_sub:
        rows = rows.filter(to_sub_state=entered_sub)
    return rows.filter(effective_at__gte=span.start, effective_at__lt=span.end)
