"""How many members segments have, their assets and stages, over the members that a reader sees."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from crm.runtime.clock import day_of, day_start
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.member_view import visible_ids_sql
from members.profiles.visibility import sees_everybody
from members.segments.models import Kind, Segment

_sql = sql_beside(__file__)
WEEK = timedelta(days=7)
FEW = 5_000  # members whose assets and stages are added up while somebody waits


@dataclass(frozen=True)
class Numbers:
    """Of one segment: `aum` is None where it is not added up yet; `at`: of when it is, None: of now.

    `joined` and `left` within the last seven platform days.
    """

    members: int = 0
    aum: Decimal | None = Decimal(0)
    at: datetime | None = None
    joined: int = 0
    left: int = 0

    @property
    def change(self) -> int:
        """By how many members it grew within the week."""
        return self.joined - self.left


def knows_week(segment: Segment, now: datetime) -> bool:
    """Whether a week without change says anything: of a frozen or younger segment it does not."""
    began = segment.began_at
    return segment.kind != Kind.FROZEN and began is not None and began <= now - WEEK


def numbers_of(segments: Collection[int], staff: Staff, now: datetime) -> dict[int, Numbers]:
    """The numbers of each of these segments. One query."""
    week_ago = day_of(now) - WEEK
    with connection.cursor() as cursor:
        if sees_everybody(staff):
            cursor.execute(_sql("numbers_of_all"), [list(segments), week_ago, week_ago])
        else:
            statement, given = over_visible(_sql("numbers_of_visible"), staff)
            since = day_start(week_ago + timedelta(days=1))
            cursor.execute(statement, {**given, "segments": list(segments), "since": since})
        found = {segment: Numbers(*values) for segment, *values in cursor.fetchall()}
    return {segment: found.get(segment, Numbers()) for segment in segments}


def over_visible(statement: str, staff: Staff) -> tuple[str, dict[str, Any]]:
    """A statement with the members this person sees in the place of {seen}, and the parameters of those."""
    seen, parameters = visible_ids_sql(staff)
    names = [f"seen_{number}" for number in range(len(parameters))]
    named = seen % tuple(f"%({name})s" for name in names) if parameters else seen
    return statement.replace("{seen}", named), dict(zip(names, parameters, strict=True))


@dataclass(frozen=True)
class Mix:
    """Assets of a segment's members and how many are in each stage; `at`: of when, None: of now."""

    aum: Decimal
    stages: dict[str, int]
    at: datetime | None = None


def mix_of(segment: int, numbers: Numbers, staff: Staff) -> Mix | None:
    """Added up now where that is quick, else as it was last added up; None: not yet. One query."""
    everybody = sees_everybody(staff)
    with connection.cursor() as cursor:
        if everybody and numbers.members > FEW:
            cursor.execute("SELECT aum, stages, at FROM segments_summary WHERE segment_id = %s", [segment])
            row = cursor.fetchone()
            return _kept(row) if row else None
        statement, given = over_visible(_sql("mix_of_everybody" if everybody else "mix_of_visible"), staff)
        cursor.execute(statement, {**given, "segment": segment})
        rows = cursor.fetchall()
    return Mix(sum((aum for _stage, _count, aum in rows), Decimal(0)), {stage: n for stage, n, _ in rows})


def _kept(row: tuple[Decimal, str, datetime]) -> Mix:
    aum, stages, at = row
    return Mix(aum, json.loads(stages), at)


@dataclass(frozen=True)
class Growth:
    """Members at the end of each of the last platform days, from the first on, and the numbers of now."""

    points: tuple[tuple[date, int], ...]
    numbers: Numbers


def growth_of(segment: int, staff: Staff, now: datetime, *, days: int = 90) -> Growth:
    """How a segment grew; its `numbers` come without assets. One query."""
    today = day_of(now)
    first = today - timedelta(days=days)
    name = "growth_of_all" if sees_everybody(staff) else "growth_of_visible"
    statement, given = over_visible(_sql(name), staff)
    given |= {"segment": segment, "zone": settings.BUSINESS_TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**given, "first": first, "week_ago": today - WEEK})
        rows = cursor.fetchall()
    steps = {day: int(by) for day, by, _joined, _left in rows}
    joined, left = (int(sum(row[place] for row in rows)) for place in (2, 3))
    numbers = Numbers(members=sum(steps.values()), aum=None, joined=joined, left=left)
    return Growth(tuple(_points(steps, first, today)), numbers)


def _points(steps: dict[date | None, int], first: date, today: date) -> Iterator[tuple[date, int]]:
    """A point for each day; `steps` of None are those before the first."""
    total = steps.get(None, 0)
    days = [day for day in steps if day is not None]
    if total:
        begins = first
    elif days:
        begins = min(days)
    else:
        return
    for number in range((today - begins).days + 1):
        day = begins + timedelta(days=number)
        total += steps.get(day, 0)
        yield day, total
