"""Send what is queued: decided anew at the last moment, rendered again, and compared with what was queued.

Sending is the local outbox: the message is marked as sent and shown there. A round may be killed anywhere;
what it had not committed is queued still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction

from campaigns.delivery.gate.decide import decide, verdicts_of
from campaigns.delivery.gate.values import judge_values
from campaigns.delivery.messages.orders import STILL_SENT, URGENT
from campaigns.delivery.messages.render import render_message
from campaigns.delivery.models import Message, MessageState, Outcome, Selection, Verdict
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.models import CopyVersion
from crm.runtime.sql_files import sql_beside
from members.profiles.contact.log import Sent, log_sent
from members.profiles.models import ContactChannel, Purpose

BATCH = 1000
NOT_RENDERED = "other_text"  # rendering it again gave another text than was queued
TOO_LATE = "too_late"
_sql = sql_beside(__file__)


def send(now: datetime, *, progress: Callable[[int], None] = lambda done: None) -> Counter[str]:
    """Send everything that is due; returns how many messages came to which state, or stayed queued."""
    total: Counter[str] = Counter()
    while found := send_batch(now):
        total += found
        progress(sum(total.values()))
    return total


def send_batch(now: datetime) -> Counter[str]:
    """Send BATCH due messages at most, one a member; empty where nothing is due. One transaction."""
    result: Counter[str] = Counter()
    with transaction.atomic():
        claimed = _claimed(now)
        for version, rows in _by_version(claimed):
            for message in _sent(version, rows, now):
                result[message.state] += 1
    return result


def _claimed(now: datetime) -> list[Message]:
    with connection.cursor() as cursor:
        cursor.execute(_sql("claim_messages"), {"now": now, "batch": BATCH})
        keys = cursor.fetchall()
    rows = Message.objects.filter(pk__in=keys).select_related("copy_version__copy")
    return list(rows.order_by("copy_version", "selection", "kind", "member"))


def _by_version(rows: Sequence[Message]) -> Iterator[tuple[CopyVersion, list[Message]]]:
    """The messages that one call of the gate decides together."""
    for _, group in groupby(rows, lambda row: (row.copy_version_id, row.selection, row.kind in URGENT)):
        found = list(group)
        yield found[0].copy_version, found


def _sent(version: CopyVersion, rows: list[Message], now: datetime) -> list[Message]:
    """The messages as they stand after this round, stored."""
    members = [row.member_id for row in rows]
    first = rows[0]
    decided = decide(
        members,
        version,
        ContactChannel(first.channel),
        now,
        selection=Selection(first.selection),
        urgent=first.kind in URGENT,
        values=judge_values(version, {row.member_id: row.values for row in rows}, now),
    )
    verdicts = {one.member_id: one for one in verdicts_of(decided.call, members)}
    for row in rows:
        _settle(row, verdicts.get(row.member_id), version, now)
    Message.objects.bulk_update(rows, ["state", "not_before", "ended_at", "reason", "sent_verdict_id"])
    purpose = Purpose(version.copy.purpose)
    log_sent(
        (
            Sent(row.member_id, row.id, ContactChannel(row.channel), purpose, now)
            for row in rows
            if row.state == MessageState.SENT
        ),
        now=now,
    )
    return rows


def _settle(row: Message, verdict: Verdict | None, version: CopyVersion, now: datetime) -> None:
    """Set what becomes of a message by its fresh verdict."""
    if verdict is None or verdict.outcome == Outcome.FORBID:
        _end(row, MessageState.CANCELLED, verdict.reasons[0] if verdict else "member_gone", now)
    elif verdict.template_hash != row.template_hash or not _renders_alike(row, version):
        _end(row, MessageState.DROPPED, NOT_RENDERED, now)
    elif verdict.outcome == Outcome.ALLOW:
        _end(row, MessageState.SENT, "", now)
        row.sent_verdict_id = verdict.id
    elif verdict.deferred_until > row.queued_at + STILL_SENT:
        _end(row, MessageState.DROPPED, TOO_LATE, now)
    else:
        row.not_before = verdict.deferred_until


def _end(row: Message, state: MessageState, reason: str, now: datetime) -> None:
    row.state, row.reason, row.ended_at = state, reason, now


def _renders_alike(row: Message, version: CopyVersion) -> bool:
    try:
        return render_message(version, row.kind, row.member_id, row.values).sha256 == row.rendered_hash
    except CopyRefused:
        return False
