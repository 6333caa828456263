"""Tells the change queue that a rating or a house rule counts from today on."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from crm.runtime.clock import day_of

JOB = "announce ratings"
_ANNOUNCE = """
WITH due AS (DELETE FROM portfolio_suitabilitydue WHERE day <= %(today)s RETURNING product_id, day)
INSERT INTO runtime_change (at, kind, member_id, payload)
SELECT %(now)s, 'suitability.product_changed', NULL, jsonb_build_object(
    'product', product_id, 'reason', CASE WHEN product_id IS NULL THEN 'house_rule' ELSE 'rating' END
)
FROM due ORDER BY day, product_id
"""


def announce_due(now: datetime) -> int:
    """Announce what counts by today and has not been told; returns how many. Once each, killed or not."""
    with connection.cursor() as cursor:
        cursor.execute(_ANNOUNCE, {"now": now, "today": day_of(now)})
        return cursor.rowcount
