"""Put work into the queue, in the transaction of what makes it necessary."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from psycopg.types.json import Jsonb

from crm.runtime.models import Priority, QueueItem
from crm.runtime.queue import kinds, lease

TASK = "crm.runtime.tasks.work_queue"
_INSERT = """
INSERT INTO runtime_queueitem (kind, key, payload, priority, run_after, most_attempts)
VALUES (%(kind)s, %(key)s, %(payload)s, %(priority)s, statement_timestamp() + %(delay)s, %(most_attempts)s)
ON CONFLICT (kind, key) WHERE state IN ('waiting', 'running') DO NOTHING
RETURNING *
"""
_BEGIN = """
INSERT INTO runtime_queueitem (kind, key, payload, state, attempts, most_attempts, leased_until, worker)
VALUES (%(kind)s, %(key)s, %(payload)s, 'running', 1, 1, clock_timestamp() + %(lease)s, %(worker)s)
ON CONFLICT (kind, key) WHERE state IN ('waiting', 'running') DO NOTHING
RETURNING *
"""


def enqueue(
    kind: str,
    *,
    key: str | None = None,
    payload: Mapping[str, Any] | None = None,
    priority: Priority = Priority.NORMAL,
    delay: timedelta = timedelta(0),
    most_attempts: int | None = None,
    wakes: bool = True,
) -> QueueItem | None:
    """A new item, for a worker, not before `delay` has passed; None where one of this kind and key is open.

    A worker is woken once the transaction has committed, unless the caller does so (`wakes`). Raises KeyError
    for a kind that nobody publishes.
    """
    known = kinds.get(kind)
    item = _insert(
        _INSERT,
        kind=kind,
        key=key,
        payload=Jsonb(dict(payload or {})),
        priority=priority,
        delay=delay,
        most_attempts=known.most_attempts if most_attempts is None else most_attempts,
    )
    if item and wakes and not delay:
        transaction.on_commit(partial(wake, kind))
    return item


def begin(kind: str, *, key: str | None = None, payload: Mapping[str, Any] | None = None) -> QueueItem | None:
    """A new item that this process works on itself, once (see drain.attempt); None as enqueue."""
    kinds.get(kind)
    return _insert(
        _BEGIN,
        kind=kind,
        key=key,
        payload=Jsonb(dict(payload or {})),
        lease=lease.LEASE,
        worker=lease.worker_name(),
    )


def wake(kind: str) -> None:
    """Tell a worker that something waits. Without a broker beat does so within a minute."""
    with suppress(OperationalError, OSError):
        current_app.send_task(TASK, args=[kind])


def _insert(statement: str, **values: Any) -> QueueItem | None:
    # One RETURNING * is a whole row, and a row that exists already gives none.
    return next(iter(QueueItem.objects.raw(statement, values)), None)
