"""Sign-ins, open sessions and the lock of an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from crm.staff.accounts.browsers import browser_of
from crm.staff.accounts.sessions import fingerprint
from crm.staff.models import Session, Staff

SHOWN = 20  # sign-ins


@dataclass(frozen=True)
class SignInEntry:
    """A sign-in, or an open session: time, address and browser; `print` is the fingerprint of the session."""

    at: datetime | None
    address: str
    browser: str
    print: str = ""
    here: bool = False


def sign_ins_of(username: str) -> list[SignInEntry]:
    """The latest sign-ins under this username. One query."""
    rows = AccessLog.objects.filter(username=username).order_by("-attempt_time")[:SHOWN]
    return [SignInEntry(row.attempt_time, row.ip_address or "", browser_of(row.user_agent)) for row in rows]


def sessions_of(staff: Staff, now: datetime, here: str = "") -> list[SignInEntry]:
    """The open sessions of an account, that of the key `here` first. Two queries."""
    prints = Session.objects.filter(staff=staff, expire_date__gt=now).values_list("session_key", flat=True)
    sign_ins = AccessLog.objects.filter(username=staff.username, session_hash__in=list(prints))
    by_print = {row.session_hash: row for row in sign_ins}
    found = []
    for mark in prints:
        row = by_print.get(mark)
        at, address, agent = (
            (row.attempt_time, row.ip_address or "", row.user_agent) if row else (None, "", "")
        )
        found.append(SignInEntry(at, address, browser_of(agent), mark, mark == fingerprint(here)))
    return sorted(found, key=lambda one: (not one.here, -(one.at.timestamp() if one.at else 0)))


def lockouts() -> QuerySet[AccessAttempt]:
    """The failed sign-ins that lock a username from an address now, by the clock of the database."""
    since = Now() - timedelta(hours=float(settings.AXES_COOLOFF_TIME))
    return AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    )
