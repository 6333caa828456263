"""The change queue: what happened, read by each follower in commit order, nothing skipped.

Serial numbers are drawn when a row is written, not when it is committed: a follower that remembers the
highest number it saw skips a transaction that began earlier and committed later. So rows carry the id of
their transaction, a reader sees only rows of transactions older than every one still running
(`pg_snapshot_xmin`), and the order is (transaction id, row id). A transaction that stays open holds back
the queue until it ends; it never loses a row.

Transaction ids belong to one cluster. After a dump is restored into another one, the first reader or writer
there moves all positions below those of the new cluster (runtime_adopt_changes), in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from crm.runtime.models import Change, ChangeCursor

BATCH = 1000

# Uses index: change_commit_order
_READ = """
SELECT id, txid, at, kind, member_id, payload FROM runtime_change
WHERE (txid, id) > (%s, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY txid, id
LIMIT %s
"""
# Everything that can be read at this moment counts as read.
_START_NOW = """
INSERT INTO runtime_changecursor (consumer, txid, change_id)
VALUES (%s, pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1, 9223372036854775807)
ON CONFLICT DO NOTHING
"""
# Uses index: change_by_time. Only what every follower has read; with no follower, all that is old.
_PRUNE = """
DELETE FROM runtime_change AS change
WHERE change.at < %s AND NOT EXISTS (
    SELECT 1 FROM runtime_changecursor AS cursor
    WHERE (cursor.txid, cursor.change_id) < (change.txid, change.id)
)
"""


class StalePosition(Exception):
    """Another process acknowledged for this consumer since the batch was read."""


@dataclass(frozen=True)
class Position:
    """A place in the queue: everything up to and including this row has been read."""

    txid: int
    change_id: int


@dataclass(frozen=True)
class Batch:
    """Rows after `since`, in commit order."""

    consumer: str
    since: Position
    rows: list[Change]

    @property
    def last(self) -> Position:
        return Position(self.rows[-1].txid, self.rows[-1].id) if self.rows else self.since


def append(kind: str, *, member_id: int | None, payload: Mapping[str, Any], at: datetime) -> None:
    """Add a change in the caller's transaction; it is read once that has committed. No personal data."""
    append_many([Change(kind=kind, member_id=member_id, payload=dict(payload), at=at)])


def append_many(changes: Iterable[Change]) -> None:
    """Add many changes, unsaved Change objects, in the caller's transaction."""
    Change.objects.bulk_create(changes, batch_size=BATCH)


def subscribe(consumer: str, *, from_oldest: bool = False) -> ChangeCursor:
    """Let a consumer begin with what is appended from now on, or with the oldest row that is kept.

    One that has subscribed before goes on where it was.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT runtime_adopt_changes()")
        if not from_oldest:
            cursor.execute(_START_NOW, [consumer])
    return ChangeCursor.objects.get_or_create(consumer=consumer)[0]


def read(consumer: str, limit: int = BATCH) -> Batch:
    """The next rows for a consumer, up to `limit`; one that has not subscribed before starts now.

    Reading moves nothing: work on the rows and acknowledge them in one transaction, and each row is worked
    on once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT runtime_adopt_changes()")
    cursor_row = ChangeCursor.objects.filter(consumer=consumer).first() or subscribe(consumer)
    since = Position(cursor_row.txid, cursor_row.change_id)
    rows = list(Change.objects.raw(_READ, [since.txid, since.change_id, limit]))
    return Batch(consumer, since, rows)


def acknowledge(consumer: str, last: Position, *, since: Position) -> None:
    """Move a consumer's cursor from `since`, where its batch began, to `last`.

    Raises StalePosition when the cursor is no longer at `since`: roll back, another process did the work.
    """
    if last == since:
        return
    moved = ChangeCursor.objects.filter(consumer=consumer, txid=since.txid, change_id=since.change_id).update(
        txid=last.txid, change_id=last.change_id
    )
    if not moved:
        raise StalePosition(f"{consumer}: the cursor is no longer at {since}")


def prune(before: datetime) -> int:
    """Remove changes that happened before an instant and that every consumer has read; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_PRUNE, [before])
        return cursor.rowcount
