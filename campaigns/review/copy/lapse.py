"""Let approvals lapse: at their end, with a new rule pack, with another product rating."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.review.models import LapseReason
from crm.runtime.background import changes
from crm.runtime.models import Change

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
# Approved for another risk than the product has now.
_RATED = """
UPDATE review_copyversion AS v SET lapsed_at = %(now)s, lapse_reason = %(reason)s
FROM review_copy AS c, portfolio_product AS p, review_opinion AS o
WHERE v.state = 'approved' AND v.lapsed_at IS NULL AND c.id = v.copy_id AND p.id = c.product_id
  AND o.version_id = v.id AND o.decision = 'approved' AND o.product_risk <> p.risk
RETURNING v.id, v.copy_id, v.lapse_reason
"""


def lapse(versions: Collection[int], reason: LapseReason, now: datetime) -> int:
    """Let the approvals of these versions lapse, in the caller's transaction; returns how many did.

    Versions that are not approved, or have lapsed, stay as they are.
    """
    return _lapse(_GIVEN, now, versions=list(versions), reason=reason.value)


def lapse_due(now: datetime) -> int:
    """Record the approvals that have ended by `now`, BATCH at most; returns how many."""
    return _lapse(_DUE, now, batch=BATCH)


def lapse_rerated(now: datetime) -> int:
    """Let the approvals lapse that were given for another risk than their product has; returns how many."""
    return _lapse(_RATED, now, reason=LapseReason.PRODUCT_RATING.value)


def _lapse(statement: str, now: datetime, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, **values})
        rows = cursor.fetchall()
    changes.append_many(
        Change(kind=LAPSED, at=now, payload={"version": version, "copy": copy, "reason": reason})
        for version, copy, reason in rows
    )
    return len(rows)
