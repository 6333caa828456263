"""End a claim: done, put off, failed for good, or cancelled; each only for whoever still holds it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from crm.runtime.models import QueueItem, QueueState
from crm.runtime.queue import kinds
from crm.runtime.queue.kinds import CANCELLED, Failure
from crm.runtime.queue.lease import LeaseLost

_COMPLETE = """
DELETE FROM runtime_queueitem AS item USING unnest(%s::bigint[], %s::smallint[]) AS mine (id, attempts)
WHERE item.id = mine.id AND item.attempts = mine.attempts AND item.state = 'running'
"""
_PUT_OFF = """
UPDATE runtime_queueitem AS item
SET state = 'waiting', leased_until = NULL, run_after = clock_timestamp() + %s
FROM unnest(%s::bigint[], %s::smallint[]) AS mine (id, attempts)
WHERE item.id = mine.id AND item.attempts = mine.attempts AND item.state = 'running'
"""
# Both only as the items were read: nobody has claimed, put off or ended them since.
_FAIL = """
UPDATE runtime_queueitem AS item
SET state = 'failed', leased_until = NULL, finished_at = clock_timestamp(),
    failure_code = %(code)s, failure_params = %(params)s, trace = %(trace)s
FROM unnest(%(ids)s::bigint[], %(attempts)s::smallint[], %(states)s::text[]) AS mine (id, attempts, state)
WHERE item.id = mine.id AND item.attempts = mine.attempts AND item.state = mine.state
RETURNING item.id
"""
_REMOVE = """
DELETE FROM runtime_queueitem AS item
USING unnest(%(ids)s::bigint[], %(attempts)s::smallint[], %(states)s::text[]) AS mine (id, attempts, state)
WHERE item.id = mine.id AND item.attempts = mine.attempts AND item.state = mine.state
RETURNING item.id
"""


def complete(items: Sequence[QueueItem]) -> None:
    """They are done and leave the queue, in the transaction that stores what was done.

    Raises LeaseLost unless all are still held; the transaction must be rolled back then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPLETE, [[item.pk for item in items], [item.attempts for item in items]])
        if cursor.rowcount < len(items):
            raise LeaseLost(f"{items[0].kind}: {len(items) - cursor.rowcount} of {len(items)} no longer held")


def put_off(items: Sequence[QueueItem], delay: timedelta) -> None:
    """Let them be claimed again once `delay` has passed; those no longer held are passed over."""
    values: list[Any] = [delay, [item.pk for item in items], [item.attempts for item in items]]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_OFF, values)


def end(items: Sequence[QueueItem], why: Failure, now: datetime) -> list[QueueItem]:
    """End items of one kind undone and tell their kind, in one transaction; returns those that were ended.

    Passed over are items that somebody has claimed, put off or ended since they were read.
    """
    values: dict[str, Any] = {
        "ids": [item.pk for item in items],
        "attempts": [item.attempts for item in items],
        "states": [item.state for item in items],
        "code": why.code,
        "params": Jsonb(dict(why.params)),
        "trace": Jsonb(list(why.trace)),
    }
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_REMOVE if why is CANCELLED else _FAIL, values)
            ended = {row[0] for row in cursor.fetchall()}
        mine = [item for item in items if item.pk in ended]
        if mine:
            kinds.get(mine[0].kind).ended(mine, why, now)
    return mine


def cancel(item_id: int, now: datetime) -> bool | None:
    """Cancel what waits at once (True), ask a worker to stop (False); None where it is over already."""
    with transaction.atomic():
        # Without the key, so that it waits for no fence of the worker.
        rows = QueueItem.objects.select_for_update(no_key=True).exclude(state=QueueState.FAILED)
        item = rows.filter(pk=item_id).first()
        if item is None:
            return None
        if item.state == QueueState.WAITING:
            return bool(end([item], CANCELLED, now))
        QueueItem.objects.filter(pk=item.pk).update(cancel_asked=True)
    return False
