"""What time brings: pending points become available and pay debts, lots lapse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from members.loyalty.points.ledger.call import call

BATCH = 5_000  # accounts
_SETTLE = "SELECT activated, expired FROM loyalty_settle(%s, %s::bigint[], %s, %s)"
# Uses index: pointsaccount_due. In the order of members, so that each is met once however long the run takes.
_DUE = """
SELECT programme_id, member_id FROM loyalty_pointsaccount
WHERE due_at <= %s AND (programme_id, member_id) > (%s, %s)
ORDER BY programme_id, member_id LIMIT %s
"""


@dataclass
class Settled:
    """Accounts settled, points that became available, points that lapsed."""

    accounts: int = 0
    activated: int = 0
    lapsed: int = 0


def settle(programme_id: int, member_ids: list[int], *, now: datetime, lapse: bool = True) -> tuple[int, int]:
    """Bring the accounts of members up to `now`; returns points that became available and that lapsed.

    Without `lapse` points that are due to lapse stay for the next call.
    """
    activated, lapsed = call(_SETTLE, [programme_id, member_ids, now, lapse])
    return activated, lapsed


def settle_due(
    *, now: datetime, lapse: bool = True, batch: int = BATCH, progress: Callable[[int], None] | None = None
) -> Settled:
    """Settle all accounts for which an instant has come; each batch is committed by itself."""
    done, last = Settled(), (0, 0)
    while found := _due_after(last, now, batch):
        last = found[-1]
        for programme_id in sorted({programme for programme, _member in found}):
            with transaction.atomic():
                members = [member for programme, member in found if programme == programme_id]
                activated, lapsed = settle(programme_id, members, now=now, lapse=lapse)
            done.activated += activated
            done.lapsed += lapsed
        done.accounts += len(found)
        if progress:
            progress(done.accounts)
    return done


def _due_after(last: tuple[int, int], now: datetime, batch: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [now, *last, batch])
        return cursor.fetchall()
