"""Compute a version of a segment from all members, once."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError, connection, transaction

from crm.imports.loading import statistics
from crm.runtime.database.writers import oldest_writer
from members.segments.keeping.compiled import compile_segment
from members.segments.keeping.failures import is_its_own, set_apart
from members.segments.keeping.locks import take_all_parts
from members.segments.models import Kind, Segment

# From transactions before this one the triggers may not have seen the version. Ids of another cluster, from
# which the data were restored, lie beyond all of this one.
_NOTE_WRITERS = """
UPDATE segments_segment SET writers = pg_snapshot_xmax(pg_current_snapshot())::text::bigint
WHERE deleted_at IS NULL AND kind <> 'list' AND computed_at IS NULL AND failed_at IS NULL
  AND (writers IS NULL OR writers > pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
"""
# Facts that name no member changed: any member may be concerned.
_RECOMPUTE_READERS = """
WITH taken AS (DELETE FROM segments_dirty WHERE member_id IS NULL RETURNING source)
UPDATE segments_segment s SET computed_at = NULL, writers = NULL
WHERE s.kind = 'rule' AND s.deleted_at IS NULL AND s.failed_at IS NULL AND EXISTS (
    SELECT FROM segments_read r JOIN taken ON taken.source = r.table_name WHERE r.segment_id = s.id
)
"""
# All that is known by now is read by the computation: marks are for segments that are kept already.
_DROP_MARKS = """
DELETE FROM segments_dirty WHERE member_id IS NOT NULL AND source <> ALL(ARRAY(
    SELECT r.table_name FROM segments_read r JOIN segments_segment s ON s.id = r.segment_id
    WHERE s.kind = 'rule' AND s.deleted_at IS NULL AND s.computed_at IS NOT NULL
))
"""


class _Overtaken(Exception):
    """The segment was changed while it was computed."""


def recompute_readers_of() -> None:
    """Have segments calculated again that read tables whose changed rows name no member."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM segments_dirty WHERE member_id IS NULL)")
        if cursor.fetchone()[0]:
            cursor.execute(_RECOMPUTE_READERS)


def compute_waiting(now: datetime) -> list[int]:
    """Compute every segment that waits for it; returns the ids of those that were computed.

    One whose facts may still be written by a transaction that does not mark for it yet waits on.
    """
    if not Segment.objects.to_compute().exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_WRITERS)
    computed = []
    for segment in Segment.objects.to_compute().filter(writers__isnull=False).order_by("pk"):
        if _writers_are_over(segment) and _compute(segment, now):
            computed.append(segment.pk)
    return computed


def _writers_are_over(segment: Segment) -> bool:
    oldest = oldest_writer()
    return oldest is None or oldest >= (segment.writers or 0)


def _compute(segment: Segment, now: datetime) -> bool:
    """Compute one segment; False where it failed (it is set apart) or was changed meanwhile."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _compute_locked(segment, now)
            grown = statistics.find_grown(cursor)
    except _Overtaken:
        return False
    except DatabaseError as error:
        if not is_its_own(error):
            raise
        set_apart(segment, error, now)
        return False
    except ValueError as error:  # the rule names what is not there any more
        set_apart(segment, error, now)
        return False
    statistics.gather(grown)  # two segments of which nothing is known would be compared each with each
    return True


def _compute_locked(segment: Segment, now: datetime) -> None:
    compiled = compile_segment(segment, now)
    take_all_parts()
    with connection.cursor() as cursor:
        cursor.execute(_DROP_MARKS)
    compiled.execute("compute", at=compiled.now, publish=segment.began_at is not None)
    if segment.kind == Kind.RULE:
        compiled.execute("schedule")
    same = Segment.objects.to_compute().filter(
        pk=segment.pk, version=segment.version, writers=segment.writers
    )
    if not same.update(computed_at=now, writers=None, began_at=segment.began_at or now):
        raise _Overtaken
