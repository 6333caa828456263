"""Claim what waits: the next items of a kind, or one item, each for one worker only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crm.runtime.models import Priority, QueueItem
from crm.runtime.queue import lease
from crm.runtime.queue.recover import recover
from crm.runtime.sql_files import sql_beside

FROM_THE_HEAD = 100  # claims after which the whole queue is looked at again
CLAIM = sql_beside(__file__)("claim")
_THIS = """
UPDATE runtime_queueitem
SET state = 'running', attempts = attempts + 1,
    leased_until = clock_timestamp() + %(lease)s, worker = %(worker)s
WHERE id = %(id)s AND state = 'waiting'
RETURNING *
"""
_HEAD = (datetime(1, 1, 1, tzinfo=UTC), 0)


class Reader:
    """Claims the items of one kind batch by batch, looking on from where it was.

    What came in behind that place (by a slow transaction, or given back) is found once nothing is ahead,
    and after a hundred batches at the latest.
    """

    def __init__(self, kind: str, most: int) -> None:
        self._kind, self._most = kind, most
        self._places: dict[int, tuple[datetime, int]] = {}
        self._claims = 0

    def claim(self, now: datetime) -> list[QueueItem]:
        """The next items, up to `most`, held by this process; [] where none is due."""
        if self._claims % FROM_THE_HEAD == 0:
            recover(self._kind, now)
            self._places.clear()
        self._claims += 1
        items = self._claim()
        if not items and self._places:
            self._places.clear()
            items = self._claim()
        return items

    def _claim(self) -> list[QueueItem]:
        items = sorted(
            QueueItem.objects.raw(CLAIM, self.values()),
            key=lambda item: (item.priority, item.run_after, item.pk),
        )
        self._places |= {item.priority: (item.run_after, item.pk) for item in items}
        return items

    def values(self) -> dict[str, Any]:
        """What CLAIM is given next."""
        places = [self._places.get(level, _HEAD) for level in Priority.values]
        return {
            "kind": self._kind,
            "most": self._most,
            "levels": Priority.values,
            "after": [at for at, _id in places],
            "after_id": [last for _at, last in places],
            "lease": lease.LEASE,
            "worker": lease.worker_name(),
        }


def claim_item(item_id: int) -> QueueItem | None:
    """This item, where it still waits, at once and for this process."""
    values = {"id": item_id, "lease": lease.LEASE, "worker": lease.worker_name()}
    return next(iter(QueueItem.objects.raw(_THIS, values)), None)
