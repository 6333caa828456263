"""Decide deferred messages again at the instant that the gate named, each until it is too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction

from campaigns.delivery.gate.values import recipient_values
from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.queue import create_messages, decide_order
from campaigns.delivery.models import Deferral, DeferralResult, Kind, Outcome, Selection, Verdict
from crm.runtime.sql_files import sql_beside

BATCH = 1000
_sql = sql_beside(__file__)


def decide_again(now: datetime) -> Counter[str]:
    """Decide everything that is due; returns how many ended with which result, or wait on ("")."""
    total: Counter[str] = Counter()
    while found := decide_batch(now):
        total += found
    return total


def decide_batch(now: datetime) -> Counter[str]:
    """Decide BATCH due deferrals at most, one a member; empty where nothing is due. One transaction."""
    with transaction.atomic():
        rows = _claimed(now)
        for order, group in _orders(rows):
            _decide(order, group, now)
        Deferral.objects.bulk_update(rows, ["verdict_id", "decide_at", "ended_at", "result"])
    return Counter(row.result for row in rows)


def _claimed(now: datetime) -> list[Deferral]:
    with connection.cursor() as cursor:
        cursor.execute(_sql("claim_deferrals"), {"now": now, "batch": BATCH})
        keys = cursor.fetchall()
    rows = Deferral.objects.filter(pk__in=keys).select_related("copy_version__copy")
    return list(rows.order_by("copy_version", "key", "kind", "selection", "member"))


def _orders(rows: Sequence[Deferral]) -> Iterator[tuple[Order, list[Deferral]]]:
    """The deferrals of one order, which one call of the gate decides together."""
    for _, group in groupby(
        rows, lambda row: (row.copy_version_id, row.key, row.kind, row.selection, row.values)
    ):
        found = list(group)
        first = found[0]
        yield (
            Order(
                first.copy_version,
                first.key,
                Kind(first.kind),
                Selection(first.selection),
                values=first.values,
            ),
            found,
        )


def _decide(order: Order, rows: list[Deferral], now: datetime) -> None:
    """Set what becomes of the deferrals of an order, and create the messages that are allowed now."""
    late = [row for row in rows if row.until < now]
    for row in late:
        row.result, row.ended_at = DeferralResult.TOO_LATE, now
    members = [row.member_id for row in rows if row.until >= now]
    if not members:
        return
    values = recipient_values(order.version, members, order.values, now)
    verdicts = {one.member_id: one for one in decide_order(order, members, values, now)}
    create_messages(order, list(verdicts.values()), values, now)
    for row in rows:
        if row.until >= now:
            _settle(row, verdicts.get(row.member_id), now)


def _settle(row: Deferral, verdict: Verdict | None, now: datetime) -> None:
    if verdict is not None:
        row.verdict_id = verdict.id
    if verdict is None or verdict.outcome == Outcome.FORBID:
        row.result, row.ended_at = DeferralResult.FORBIDDEN, now
    elif verdict.outcome == Outcome.ALLOW:
        row.result, row.ended_at = DeferralResult.QUEUED, now
    else:
        row.decide_at = verdict.deferred_until
