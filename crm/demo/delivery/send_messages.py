"""What the gate said of approved copy in the last days, and the messages that it allowed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from campaigns.delivery.messages.decide_again import decide_again
from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.queue import queue
from campaigns.delivery.messages.send import send
from campaigns.delivery.messages.watch import CONSUMER
from campaigns.review.copy.rendering.variables import read_variables
from campaigns.review.models import CopyPurpose, CopyState, CopyVersion
from crm.runtime.background import changes
from crm.runtime.clock import day_of, day_start
from members.lifecycle.models import Standing
from members.profiles.models import Identity, Member
from members.profiles.search.terms import update_terms

RECIPIENTS = 40  # of one order
ENGLISH = 5  # of so many members one reads English
DAYS = 3  # before today
AT = (timedelta(hours=10, minutes=20), timedelta(hours=15, minutes=40), timedelta(hours=21, minutes=30))
GUARANTEE = "安保本"  # a name that is a guarantee where it stands in a text


def send_messages(*, now: datetime) -> Counter[str]:
    """Order approved copy for members of its stages over the last days, and send what the gate allows.

    Returns how many messages were sent, cancelled, and so on.
    """
    changes.subscribe(CONSUMER)  # what was written so far is done with
    total: Counter[str] = Counter()
    versions = list(_sendable(now))
    if not versions:
        return total
    named = _name_somebody(now)
    for place, at in enumerate(_instants(now)):
        decide_again(at)
        for version in versions[place % 3 :: 3]:
            if version.decided_at and version.decided_at < at:
                order = Order(version, f"demo {version.copy.code} {version.channel} {at:%Y-%m-%d %H:%M}")
                queue(order, {*_members(version, place), named}, at)
        total += send(at + timedelta(minutes=5))
    return total


def _name_somebody(now: datetime) -> int:
    """Give a member of the growth stage a name that the wording check refuses; returns the member's id."""
    grown = Standing.objects.filter(stage="growth", member__registered_at__lt=now - timedelta(days=90))
    chosen = grown.order_by("member_id").values_list("member_id", flat=True).first()
    assert chosen is not None  # every world has some
    Member.objects.filter(pk=chosen).update(name=GUARANTEE)
    ids = list(Identity.objects.filter(member=chosen).values_list("value", flat=True))
    with connection.cursor() as cursor:
        update_terms(cursor, [(chosen, GUARANTEE, ids)])
    return chosen


def _sendable(now: datetime) -> Iterator[CopyVersion]:
    """Approved versions of which every variable is known of the member."""
    approved = CopyVersion.objects.filter(state=CopyState.APPROVED, lapsed_at=None, expires_at__gt=now)
    for version in (
        approved.exclude(copy__purpose=CopyPurpose.SERVICE).select_related("copy__product").order_by("id")
    ):
        if all(one.field for one in read_variables(version.variables).values()):
            yield version


def _members(version: CopyVersion, place: int) -> list[int]:
    """Members of the copy's stages, others each time; each reads one of the languages."""
    there = Standing.objects.filter(stage__in=version.copy.stages, member__registered_at__isnull=False)
    start = place * RECIPIENTS // 2
    ids = there.order_by("member_id").values_list("member_id", flat=True)[start : start + RECIPIENTS]
    return [member for member in ids if (member % ENGLISH == 0) == (version.language == "en")]


def _instants(now: datetime) -> Iterator[datetime]:
    """When orders were given: twice a day and once at night, up to now."""
    first = day_of(now) - timedelta(days=DAYS)
    for number in range(DAYS + 1):
        start = day_start(first + timedelta(days=number))
        yield from (start + hour for hour in AT if start + hour < now)
