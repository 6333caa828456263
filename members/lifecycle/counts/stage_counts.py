"""How many members each stage has and how many transitions each month, as one person may see them.

Every read starts at what the reader may see. Counts over all members are sums over the kept counts
(members.lifecycle.counts.maintenance). They are cached for a minute, as are those of a team's books: no page
counts members on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
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
from members.lifecycle.counts.periods import Month, Week, months_back
from members.lifecycle.models import Stage, StageCount, Standing, Transition, TransitionCount
from members.profiles.book import assigned_member_ids
from members.profiles.visibility import sees_everybody

CACHE_SECONDS = 60
T = TypeVar("T")
Counts = dict[tuple[str, str], int]  # members by (stage, sub-state), an empty text for none


def visible_standings(staff: Staff) -> QuerySet[Standing]:
    """The standings of the members this person may see."""
    if sees_everybody(staff):
        return Standing.objects.all()
    return Standing.objects.filter(member__in=assigned_member_ids(staff))


def visible_transitions(staff: Staff) -> QuerySet[Transition]:
    """The transitions in force of the members this person may see."""
    rows = Transition.objects.filter(superseded_at=None)
    if sees_everybody(staff):
        return rows
    return rows.filter(member__in=assigned_member_ids(staff))


def cached(name: str, staff: Staff, seconds: int, read: Callable[[], T]) -> T:
    """The result of read(), cached where it is the same for all who see every member, or for a team's lead.

    For a relationship manager it is read each time: a book is small.
    """
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


def count_by_stage(staff: Staff) -> Counts:
    """The members this person may see by stage and sub-state; members not staged yet are left out."""

    def read() -> Counts:
        rows: QuerySet[Any, Any]
        if sees_everybody(staff):
            rows = StageCount.objects.values_list("stage", "sub_state").annotate(Sum("members"))
        else:
            rows = visible_standings(staff).filter(stage__isnull=False).values_list("stage", "sub_state")
            rows = rows.annotate(Count("member_id"))
        return {(stage, sub or ""): count for stage, sub, count in rows.order_by() if count}

    return cached("counts", staff, CACHE_SECONDS, read)


def stage_totals(found: Counts) -> dict[str, int]:
    """Members by stage, sub-states added up; every stage is there."""
    totals = dict.fromkeys(Stage.values, 0)
    for (stage, _), count in found.items():
        totals[stage] += count
    return totals


@dataclass(frozen=True)
class Stock:
    """Members in each stage at the end of each of some days; `bands` has a count for every day."""

    days: tuple[date, ...]
    bands: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True)
class TransitionTotal:
    """Transitions between two stages in a month and a week: the `week`-th before a day, 0 for the last one.

    Stages and sub-states are empty texts where there is none; `week` is None outside the weeks asked for.
    `won_back`: from decline by money or activity.
    """

    month: date
    week: int | None
    left: str
    left_sub: str
    entered: str
    entered_sub: str
    won_back: bool
    members: int


def transition_totals(staff: Staff, *, since: date, today: date, weeks: int = 0) -> list[TransitionTotal]:
    """Transitions in force from `since` on, the first of a month. The weeks end with the day before `today`.

    One query.
    """
    last = today - timedelta(days=1)
    fields = ("from_stage", "from_sub_state", "to_stage", "to_sub_state", "won_back")

    def read() -> list[TransitionTotal]:
        rows: QuerySet[Any]
        total: Aggregate
        if sees_everybody(staff):  # Uses index: transitioncount_by_day
            rows, total = TransitionCount.objects.filter(day__gte=since), Sum("members")
        else:
            rows = visible_transitions(staff).filter(effective_at__gte=day_start(since))
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
            TransitionTotal(
                month, week, left or "", left_sub or "", entered or "", entered_sub or "", back, count
            )
            for month, week, left, left_sub, entered, entered_sub, back, count in found
            if count
        ]

    return cached(f"transitions:{since}:{today}:{weeks}", staff, CACHE_SECONDS, read)


class _WeeksBefore(Func):
    """Whole weeks from the second day to the first."""

    template = "((%(expressions)s) / 7)"
    arg_joiner = " - "
    output_field = IntegerField()


def stock_by_month(found: Counts, totals: Iterable[TransitionTotal], today: date, months: int = 12) -> Stock:
    """Members by stage at each month's beginning and now: today's counts less the transitions since."""
    net: dict[tuple[date, str], int] = {}
    for total in totals:
        if total.left != total.entered:
            for stage, sign in ((total.entered, 1), (total.left, -1)):
                net[total.month, stage] = net.get((total.month, stage), 0) + sign * total.members
    return _backwards(stage_totals(found), months_back(today, months), today, net)


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


def transition_matrix(totals: Iterable[TransitionTotal], month: Month) -> dict[tuple[str, str], int]:
    """Transitions of the month by (stage left, stage entered); an empty text: not known before."""
    found: dict[tuple[str, str], int] = {}
    for total in totals:
        if total.month == month.first and total.entered and total.left != total.entered:
            key = total.left, total.entered
            found[key] = found.get(key, 0) + total.members
    return found


def count_won_back(totals: Iterable[TransitionTotal], month: Month) -> int:
    """The win-backs of the month; the others who left decline for growth or maturity have settled."""
    return sum(total.members for total in totals if total.month == month.first and total.won_back)


def transitions_behind(
    staff: Staff, span: Month | Week, left: str, entered: str, entered_sub: str = ""
) -> QuerySet[Transition]:
    """The transitions behind one number: from a stage to another, or to a sub-state where one is named."""
    side = Q(from_stage=left) if left else Q(from_stage=None)
    rows = visible_transitions(staff).filter(side, to_stage=entered)
    if entered_sub:
        rows = rows.filter(to_sub_state=entered_sub)
    return rows.filter(effective_at__gte=span.start, effective_at__lt=span.end)
