"""Post an approved adjustment. The database asks for the request, and for what it approved."""

from __future__ import annotations

from datetime import datetime

from members.loyalty.points.ledger.call import call

_ADD = """
SELECT added FROM loyalty_earn(
    %s, %s, 'adjust', ARRAY[%s]::bigint[], ARRAY[%s], ARRAY[%s]::bigint[], ARRAY[%s]::timestamptz[],
    ARRAY[%s]::timestamptz[], ARRAY[%s]::timestamptz[], ARRAY[%s], ARRAY[NULL]::bigint[], ARRAY[NULL]::text[],
    ARRAY[NULL]::numeric[], %s
)
"""
_TAKE = "SELECT entry FROM loyalty_spend(%s, %s, 'adjust', %s, %s, %s, %s, NULL, NULL, %s)"


def adjust(
    programme_id: int,
    member_id: int,
    points: int,
    *,
    request_id: int,
    reason: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Add points, or take them (below zero). Raises PointsRefused where the member has fewer."""
    key = f"adjustment:{request_id}"
    if points < 0:
        call(_TAKE, [programme_id, member_id, -points, key, now, reason, request_id])
        return
    values = [member_id, key, points, now, now, expires_at, reason]
    call(_ADD, [programme_id, now, *values, request_id])
