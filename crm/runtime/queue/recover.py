"""Take back what a worker can no longer be at: its lease has run out."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models.functions import Now

from crm.runtime.background import jobs
from crm.runtime.models import QueueItem, QueueState
from crm.runtime.queue.finish import end
from crm.runtime.queue.kinds import CANCELLED, LOST
from crm.runtime.queue.lease import LEASE

KEEP = timedelta(days=30)

# A lease that ends later than any could was given before the clock was set back.
_EXPIRED = """
SELECT * FROM runtime_queueitem
WHERE state = 'running' AND kind = %(kind)s
    AND leased_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + 2 * %(lease)s
ORDER BY id
FOR UPDATE SKIP LOCKED
"""


def recover(kind: str, now: datetime) -> int:
    """Items of a kind whose worker is gone: they wait again, or end where it was the last attempt.

    Returns how many. Those that somebody asked to stop are cancelled.
    """
    with transaction.atomic():
        expired = list(QueueItem.objects.raw(_EXPIRED, {"kind": kind, "lease": LEASE}))
        if not expired:
            return 0
        over = [item for item in expired if item.cancel_asked]
        lost = [item for item in expired if item not in over and item.attempts >= item.most_attempts]
        again = [item.pk for item in expired if item not in over and item not in lost]
        QueueItem.objects.filter(pk__in=again).update(
            state=QueueState.WAITING, leased_until=None, run_after=Now()
        )
        end(over, CANCELLED, now)
        end(lost, LOST, now)
        jobs.mark_lost([item.run_id for item in expired if item.run_id], now)
    return len(expired)


def prune() -> int:
    """Forget items that failed 30 days ago or more; returns how many."""
    return QueueItem.objects.filter(state=QueueState.FAILED, finished_at__lte=Now() - KEEP).delete()[0]
