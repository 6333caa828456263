"""How much waits to be kept."""

from __future__ import annotations

# Marks, pairs of a member and a segment that are due, segments to compute, segments that failed.
WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM segments_dirty LIMIT %(most)s) marked),
       (SELECT count(*) FROM (
           SELECT FROM segments_segment s
           JOIN segments_due d ON d.segment_id = s.id AND d.due_at <= %(now)s
           WHERE s.computed_at IS NOT NULL AND s.deleted_at IS NULL
           LIMIT %(most)s
       ) due),
       count(*) FILTER (WHERE failed_at IS NULL),
       count(*) FILTER (WHERE failed_at IS NOT NULL)
FROM segments_segment WHERE deleted_at IS NULL AND kind <> 'list' AND computed_at IS NULL
"""
