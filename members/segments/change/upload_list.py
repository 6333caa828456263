"""Upload the members of a list: replace them, add some, or remove some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.permissions import NotAllowed, require
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from members.profiles.member_view import visible_ids_sql
from members.segments.change.refusals import Refusal, SegmentRefused
from members.segments.keeping.summarize import summarize_changed
from members.segments.models import Kind, Segment
from members.segments.permissions import MANAGE_SEGMENTS

_sql = sql_beside(__file__)
CHUNK = 10_000  # ids sent to the database at once
NAMED = 50  # unknown ids that are named
_ADD_IDS = "INSERT INTO _listed (value) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"


class How(StrEnum):
    """What becomes of the members that a list has."""

    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"


class By(StrEnum):
    """What the ids of a file are."""

    NUMBER = "number"  # ours, with or without #, and the platform's for those who may see these
    OUTSIDE = "outside"  # the platform's alone


def usable_by(staff: Staff) -> tuple[By, ...]:
    """What the ids of a file may be, the usual first.

    Who may not see the platform's numbers may not ask who has one: a list of one would tell it.
    """
    return tuple(By) if _sees_outside_ids(staff) else (By.NUMBER,)


def _sees_outside_ids(staff: Staff) -> bool:
    return mask_level("outside_id", staff) is MaskLevel.PLAIN


@dataclass(frozen=True)
class Uploaded:
    """What an upload did: `ids` in the file without repeats, of them `unknown` ones, some of which `named`
    are; members `added` and `removed`."""

    ids: int
    unknown: int
    named: tuple[str, ...]
    added: int
    removed: int


def upload_list(
    segment_id: int, ids: Iterable[str], *, how: How, by: By, staff: Staff, now: datetime
) -> Uploaded:
    """Change the members of a list, all or nothing.

    An id of a member whom this person does not see is unknown, as one that nobody has. With nothing but
    unknown ids nothing is changed. Raises NotAllowed, Segment.DoesNotExist, SegmentRefused.
    """
    require(staff, MANAGE_SEGMENTS)
    if by not in usable_by(staff):
        raise NotAllowed(f"upload by {by}: not for {staff.role}")
    with transaction.atomic():
        segment = Segment.objects.existing().select_for_update().get(pk=segment_id, kind=Kind.LIST)
        _copy(ids)
        number, unknown, named = _find(by, staff)
        if number == unknown:
            raise SegmentRefused(Refusal.NO_IDS, named=", ".join(named[:5]))
        added, removed = _change(segment, how, now)
    summarize_changed([segment.pk], now)
    return Uploaded(number, unknown, tuple(named), added, removed)


def _copy(ids: Iterable[str]) -> None:
    """Fill _listed with the ids, each once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS _listed (value text PRIMARY KEY, member_id bigint);"
            " TRUNCATE _listed"
        )
        for chunk in _chunks(ids):
            cursor.execute(
                "INSERT INTO _listed (value) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [chunk]
            )
        cursor.execute("ANALYZE _listed")


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _find(by: By, staff: Staff) -> tuple[int, int, list[str]]:
    """Find the member of each id; (ids, unknown ones, some of these)."""
    seen, parameters = visible_ids_sql(staff)
    statement = "find_by_either" if by == By.NUMBER and _sees_outside_ids(staff) else f"find_by_{by}"
    with connection.cursor() as cursor:
        cursor.execute(_sql(statement).replace("{seen}", seen), parameters)
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE member_id IS NULL),"
            " (SELECT array_agg(value) FROM"
            " (SELECT value FROM _listed WHERE member_id IS NULL ORDER BY value LIMIT %s) unknown)"
            " FROM _listed",
            [NAMED],
        )
        number, unknown, named = cursor.fetchone()
    return number, unknown, named or []


def _change(segment: Segment, how: How, now: datetime) -> tuple[int, int]:
    given: dict[str, Any] = {
        "segment": segment.pk,
        "version": segment.version,
        "now": now,
        "zone": settings.BUSINESS_TIME_ZONE,
        "adds": how != How.REMOVE,
        "removes_listed": how == How.REMOVE,
        "removes_others": how == How.REPLACE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_sql("change_list"), given)
        added, removed = cursor.fetchone()
    return int(added), int(removed)
