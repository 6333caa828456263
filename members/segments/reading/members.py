"""Members of a segment that a reader sees: a sample, all of them in pages, how many another one shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.member_view import MemberView, member_view
from members.profiles.visibility import sees_everybody
from members.segments.reading.numbers import over_visible

_sql = sql_beside(__file__)
SAMPLE = 10
PAGE = 1_000
EXACT = 200_000  # members up to which an overlap is counted; beyond, a part of them is


@dataclass(frozen=True)
class MemberRow:
    """A member as one person sees it, where they stand and what they hold."""

    view: MemberView
    stage: str
    sub_state: str
    aum: Decimal


def members_in(segment: int, staff: Staff, *, after: int = 0, most: int = SAMPLE) -> list[MemberRow]:
    """Members in the segment by id, above `after`. One query, by index membership_open_once."""
    name = "members_of_everybody" if sees_everybody(staff) else "members_of_visible"
    statement, given = over_visible(_sql(name), staff)
    with connection.cursor() as cursor:
        asked = {"segment": segment, "after": after, "most": most, "reader": staff.pk}
        cursor.execute(statement, {**given, **asked})
        rows = cursor.fetchall()
    return [
        MemberRow(member_view(member_id, {"name": name}, staff, own=own), *facts)
        for member_id, own, name, *facts in rows
    ]


def pages_of_members(segment: int, staff: Staff) -> Iterator[list[MemberRow]]:
    """All of them, in pages: memory stays flat, and no cursor holds a snapshot while a file is downloaded."""
    after = 0
    while rows := members_in(segment, staff, after=after, most=PAGE):
        yield rows
        after = rows[-1].view.id


@dataclass(frozen=True)
class Overlap:
    """Members that two segments share, and those of the other one; `estimated` from a part of the first's."""

    both: int
    of_other: int
    estimated: bool = False


def overlap_of(one: int, other: int, staff: Staff, *, members: int) -> Overlap:
    """How many members two segments share; `members` is the number of those of `one`. One query."""
    share = max(1, -(-members // EXACT)) if sees_everybody(staff) else 1
    with connection.cursor() as cursor:
        name = "overlap_of_everybody" if sees_everybody(staff) else "overlap_of_visible"
        statement, given = over_visible(_sql(name), staff)
        cursor.execute(statement, {**given, "one": one, "other": other, "share": share})
        both, of_other = cursor.fetchone()
    return Overlap(int(both) * share, int(of_other), share > 1)
