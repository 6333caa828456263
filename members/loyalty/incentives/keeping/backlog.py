"""How much waits to be kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

_WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM loyalty_incentive_dirty LIMIT %(most)s) marked),
       (SELECT count(*) FROM (
           SELECT FROM loyalty_keptrule r JOIN loyalty_ruledue d ON d.rule_id = r.id AND d.due_at <= %(now)s
           WHERE r.computed_at IS NOT NULL AND r.starts_at <= %(now)s
             AND (r.ends_at IS NULL OR r.ends_at > %(now)s)
           LIMIT %(most)s
       ) due),
       count(*) FILTER (WHERE computed_at IS NULL AND failed_at IS NULL),
       count(*) FILTER (WHERE failed_at IS NOT NULL)
FROM loyalty_keptrule WHERE starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)
"""


@dataclass(frozen=True)
class Backlog:
    """Marks, pairs of a member and a rule that are due, rules to compute, rules that failed."""

    marked: int
    due: int
    to_compute: int
    failed: int


def count_backlog(now: datetime, *, most: int) -> Backlog:
    """What waits, counted up to `most` of each kind. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"now": now, "most": most})
        return Backlog(*cursor.fetchone())
