"""Hold claimed items: a lease in the row, extended while this process lives, and a fence for its loss.

A lease is an instant on the database's clock. A thread extends it through a connection of its own, so that
it lasts through long statements and open transactions. A process that is stopped, cut off or killed no
longer extends it, and once it has run out the item is another worker's. The first one may still be alive
then: it can finish nothing, since every statement that ends an attempt asks whether the item still counts
as many attempts.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet

from crm.runtime.background.heartbeat import Heartbeat
from crm.runtime.background.jobs import Cancelled
from crm.runtime.database.own_connection import OwnConnection
from crm.runtime.models import QueueItem, QueueState

LEASE = timedelta(seconds=60)
BEAT_EVERY = 15.0  # seconds

_EXTEND = """
UPDATE runtime_queueitem AS item SET leased_until = clock_timestamp() + %s
FROM unnest(%s::bigint[], %s::smallint[]) AS mine (id, attempts)
WHERE item.id = mine.id AND item.attempts = mine.attempts AND item.state = 'running'
"""
# Held until the transaction ends: whoever would take the item over passes it by, and the heartbeat goes on.
_FENCE = """
SELECT FROM runtime_queueitem WHERE id = %s AND attempts = %s AND state = 'running' FOR KEY SHARE
"""


class LeaseLost(Exception):
    """The lease ran out and another worker may be at the item: nothing of this attempt may be stored."""


def worker_name() -> str:
    """Who holds a lease, for people: host and process."""
    return f"{socket.gethostname()}:{os.getpid()}"[:120]


def held(item: QueueItem) -> QuerySet[QueueItem]:
    """The row as long as it is this claim's."""
    return QueueItem.objects.filter(pk=item.pk, attempts=item.attempts, state=QueueState.RUNNING)


def fence(item: QueueItem) -> None:
    """Make sure that what the running transaction did is stored under this claim or not at all.

    Call it last before the commit. Raises LeaseLost.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FENCE, [item.pk, item.attempts])
        if cursor.fetchone() is None:
            raise LeaseLost(f"{item.kind} {item.pk}: attempt {item.attempts} is over")


def stop_if_asked(item: QueueItem) -> None:
    """Whether to go on; call it between two steps. Raises Cancelled, or LeaseLost."""
    asked = held(item).values_list("cancel_asked", flat=True).first()
    if asked is None:
        raise LeaseLost(f"{item.kind} {item.pk}: attempt {item.attempts} is over")
    if asked:
        raise Cancelled


@contextmanager
def extended(items: Sequence[QueueItem]) -> Iterator[None]:
    """Extend the leases of claimed items as long as the body runs."""
    own = OwnConnection()  # which connects only if there is anything to extend in the end
    numbers = [[item.pk for item in items], [item.attempts for item in items]]
    heartbeat = Heartbeat(
        lambda: own.execute(_EXTEND, [LEASE, *numbers]), every=BEAT_EVERY, pause=BEAT_EVERY, name="leases"
    )
    try:
        yield
    finally:
        heartbeat.stop()
        own.close()
