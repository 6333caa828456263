"""Programmes, approved configuration and the ledger's state, for tests of points."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from django.db import connection

from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role
from members.loyalty.models import Programme
from members.loyalty.points.ledger.earn import Earning, earn
from tests.crm.cast import NOW, staff_of

_serial = count(1)


def programme(**values) -> Programme:
    number = next(_serial)
    given = {"code": f"points-{number}", "name": "积分", "name_en": "Points", "made_at": NOW} | values
    return Programme.objects.create(**given)


def approved(request: Request, now: datetime = NOW) -> Request:
    """The request decided for by a second person."""
    checker = staff_of(Role.COMPLIANCE)
    return requests.approve(request_id=request.pk, checker=checker, opinion="fine", now=now)


def give(
    of: Programme,
    member_id: int,
    points: int,
    *,
    key: str = "",
    at: datetime = NOW,
    now: datetime | None = None,
    days: int | None = None,
    pending: int = 0,
) -> int:
    """Points earned at an instant, lapsing `days` later; returns the entry's id."""
    key = key or f"given {next(_serial)}"
    expires = None if days is None else at + timedelta(days=days)
    start = at + timedelta(days=pending)
    given = Earning(member_id, key, points, at, available_from=start, expires_at=expires)
    earn(of.pk, given, now=now or at)
    return entry_of(member_id, key)


def entry_of(member_id: int, key: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM loyalty_pointsentry WHERE member_id = %s AND key = %s", [member_id, key]
        )
        return cursor.fetchone()[0]
