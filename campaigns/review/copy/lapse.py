"""Let approvals lapse: at their end, with a new rule pack, with another product rating.

An approval that has ended is not sent whether or not this has run (approved.py); here its end is recorded and
told to the change queue. The cost follows what is due: an index by end, and copy about products.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from campaigns.review.models import LapseReason
from crm.runtime.background import changes
from crm.runtime.models import Change

JOB = "lapse copy"  # the name its runs are recorded under
LAPSED = "review.lapsed"  # in the change queue: {"version", "copy", "reason"}
BATCH = 500
# Uses index: copyversion_due
_DUE = """
UPDATE review_copyversion SET lapsed_at = expires_at, lapse_reason = expiry_reason
WHERE id IN (
    SELECT id FROM review_copyversion
    WHERE state = 'approved' AND lapsed_at IS NULL AND expires_at <= %(now)s
    ORDER BY expires_at LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
)
RETURNING id, copy_id, lapse_reason
"""
_GIVEN = """
UPDATE review_copyversion SET lapsed_at = %(now)s, lapse_reason = %(reason)s
WHERE state = 'approved' AND lapsed_at IS NULL AND id = ANY(%(versions)s)
RETURNING id, copy_id, lapse_reason
"""
_RATED_FROM = """
FROM review_copyversion AS v JOIN review_copy AS c ON c.id = v.copy_id
JOIN review_opinion AS o ON o.version_id = v.id AND o.decision = 'approved'
WHERE v.state = 'approved' AND v.lapsed_at IS NULL AND c.product_id IS NOT NULL
  AND o.product_risk <> review_product_risk(c.product_id, %(now)s)
"""
# Approved for another risk than the product has now.
_RATED = f"""
UPDATE review_copyversion SET lapsed_at = %(now)s, lapse_reason = %(reason)s
WHERE id IN (SELECT v.id {_RATED_FROM} ORDER BY v.id LIMIT %(batch)s FOR NO KEY UPDATE OF v SKIP LOCKED)
RETURNING id, copy_id, lapse_reason
"""  # noqa: S608 - put together from constants
_HAS_DUE = f"""
SELECT EXISTS (
    SELECT FROM review_copyversion WHERE state = 'approved' AND lapsed_at IS NULL AND expires_at <= %(now)s
) OR EXISTS (SELECT {_RATED_FROM})
"""  # noqa: S608 - put together from constants


@dataclass
class Lapses:
    """How many approvals ended, and how many lapsed because their product was rated otherwise."""

    ended: int = 0
    rerated: int = 0

    @property
    def total(self) -> int:
        return self.ended + self.rerated


def has_due(now: datetime) -> bool:
    """Whether an approval has ended that is not recorded."""
    with connection.cursor() as cursor:
        cursor.execute(_HAS_DUE, {"now": now})
        return bool(cursor.fetchone()[0])


def record_lapses(now: datetime, *, progress: Callable[[int], None] | None = None) -> Lapses:
    """Record all approvals that have ended by `now`, BATCH a transaction; killed, it goes on later."""
    done = Lapses()
    while count := lapse_due(now):
        done.ended += count
        if progress:
            progress(done.total)
    while count := lapse_rerated(now):
        done.rerated += count
        if progress:
            progress(done.total)
    return done


def lapse(versions: Collection[int], reason: LapseReason, now: datetime) -> int:
    """Let the approvals of these versions lapse, in the caller's transaction; returns how many did.

    Versions that are not approved, or have lapsed, stay as they are.
    """
    return _lapse(_GIVEN, now, versions=list(versions), reason=reason.value)


def lapse_due(now: datetime) -> int:
    """Record the approvals that have ended by `now`, BATCH at most; returns how many."""
    return _lapse(_DUE, now, batch=BATCH)


def lapse_rerated(now: datetime) -> int:
    """Let approvals lapse whose product has another risk now, BATCH at most; returns how many."""
    return _lapse(_RATED, now, reason=LapseReason.PRODUCT_RATING.value, batch=BATCH)


def _lapse(statement: str, now: datetime, **values: Any) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, **values})
        rows = cursor.fetchall()
        changes.append_many(
            Change(kind=LAPSED, at=now, payload={"version": version, "copy": copy, "reason": reason})
            for version, copy, reason in rows
        )
    return len(rows)
