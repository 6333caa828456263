"""Queue messages: decide for each member, create those that are allowed, keep those that are deferred."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from campaigns.delivery.gate.decide import decide, verdicts_of
from campaigns.delivery.gate.values import RecipientValues, recipient_values
from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.render import render_message
from campaigns.delivery.models import Deferral, Message, Outcome, Verdict
from members.profiles.contact.timing import lock
from members.profiles.models import ContactChannel

_KNOWN = """
SELECT member_id FROM delivery_message WHERE member_id = ANY(%(members)s) AND key = %(key)s
UNION SELECT member_id FROM delivery_deferral WHERE member_id = ANY(%(members)s) AND key = %(key)s
"""


@dataclass(frozen=True)
class Queued:
    """What came of an order: numbers of messages, of deferrals, and of members who may not get it."""

    messages: int
    deferred: int
    forbidden: int


def queue(order: Order, members: Collection[int], now: datetime) -> Queued:
    """Queue a version for members, each once under the order's key; those who have it already are left out.

    One transaction; all verdicts are stored.
    """
    with transaction.atomic():
        lock(members)
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, {"members": list(members), "key": order.key})
            known = {member for (member,) in cursor.fetchall()}
        fresh = sorted(set(members) - known)
        if not fresh:
            return Queued(0, 0, 0)
        values = recipient_values(order.version, fresh, order.values, now)
        found = decide_order(order, fresh, values, now)
        created = create_messages(order, found, values, now)
        deferred = _defer(order, found, now)
    return Queued(created, deferred, len(found) - created - deferred)


def decide_order(
    order: Order, members: Sequence[int], values: RecipientValues, now: datetime
) -> list[Verdict]:
    """The gate's verdicts on an order, stored; none for a member that is gone."""
    decided = decide(
        members,
        order.version,
        ContactChannel(order.version.channel),
        now,
        selection=order.selection,
        urgent=order.is_urgent,
        values=values,
    )
    return verdicts_of(decided.call, members)


def create_messages(order: Order, found: Sequence[Verdict], values: RecipientValues, now: datetime) -> int:
    """Messages of the verdicts that allow one, rendered; returns how many. The database judges each again."""
    rows = [
        Message(
            member_id=one.member_id,
            kind=order.kind,
            key=order.key,
            copy_version=order.version,
            template_hash=one.template_hash,
            channel=one.channel,
            selection=one.selection,
            values=values.of(one.member_id),
            rendered_hash=render_message(
                order.version, order.kind, one.member_id, values.of(one.member_id)
            ).sha256,
            verdict_id=one.id,
            queued_at=now,
            not_before=now,
        )
        for one in found
        if one.outcome == Outcome.ALLOW
    ]
    return len(Message.objects.bulk_create(rows))


def _defer(order: Order, found: Sequence[Verdict], now: datetime) -> int:
    until = now + order.lasts
    rows = [
        Deferral(
            member_id=one.member_id,
            kind=order.kind,
            key=order.key,
            copy_version=order.version,
            channel=one.channel,
            selection=one.selection,
            values=dict(order.values),
            verdict_id=one.id,
            created_at=now,
            decide_at=one.deferred_until,
            until=until,
        )
        for one in found
        if one.outcome == Outcome.DEFER
    ]
    return len(Deferral.objects.bulk_create(rows))
