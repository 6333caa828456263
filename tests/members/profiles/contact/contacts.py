"""Contacts for tests of when a member may be contacted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from members.profiles.contact import timing
from members.profiles.contact.log import Sent, log_sent
from members.profiles.models import ContactChannel, Purpose
from tests.crm.cast import NOW

SMS, MARKETING = ContactChannel.SMS, Purpose.MARKETING
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def sent(person, *times, kind=MARKETING, channel=SMS, first=1) -> None:
    log_sent(
        [Sent(person.pk, number, channel, kind, at) for number, at in enumerate(times, first)], now=NOW + DAY
    )


def allowed(person, channel=SMS, purpose=MARKETING, now=NOW, **other):
    return timing.next_allowed(person.pk, channel, purpose, now=now, **other)
