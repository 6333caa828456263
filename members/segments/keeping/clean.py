"""Delete what is kept of segments that can no longer be restored, and join tallies of one day."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

KEPT = timedelta(days=30)  # after its deletion, a segment can be restored: its members are known

_FORGET = """
WITH gone AS (SELECT id FROM segments_segment WHERE deleted_at < %(before)s),
members AS (DELETE FROM segments_membership o USING gone WHERE o.segment_id = gone.id),
tallies AS (DELETE FROM segments_tally t USING gone WHERE t.segment_id = gone.id),
refs AS (DELETE FROM segments_reference r USING gone WHERE r.segment_id = gone.id)
DELETE FROM segments_summary s USING gone WHERE s.segment_id = gone.id
"""
_JOIN_TALLIES = """
WITH parts AS (
    SELECT segment_id, day FROM segments_tally GROUP BY segment_id, day HAVING count(*) > 1
),
taken AS (
    DELETE FROM segments_tally t USING parts p WHERE (t.segment_id, t.day) = (p.segment_id, p.day)
    RETURNING t.segment_id, t.day, t.joined, t."left", t.rebased
)
INSERT INTO segments_tally (segment_id, day, joined, "left", rebased)
SELECT segment_id, day, sum(joined), sum("left"), sum(rebased) FROM taken GROUP BY segment_id, day
HAVING sum(joined) <> 0 OR sum("left") <> 0 OR sum(rebased) <> 0
"""


@transaction.atomic
def clean(now: datetime) -> None:
    """Versions stay. Uses index: membership_open_once for the members that a segment still had."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, {"before": now - KEPT})
        cursor.execute(_JOIN_TALLIES)
