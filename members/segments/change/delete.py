"""Delete a segment, and restore it while its deletion can be undone."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from crm.staff.models import Staff
from crm.staff.permissions import require
from members.rules.language.parse import parse
from members.segments.change.refusals import Refusal, SegmentRefused
from members.segments.change.save import MOST, watch_tables
from members.segments.keeping.clean import KEPT
from members.segments.keeping.locks import take_changes
from members.segments.models import Due, Kind, Read, Segment
from members.segments.permissions import MANAGE_SEGMENTS
from members.segments.used_by import uses_of
from members.segments.visibility import visible_segments


def delete_segment(segment_id: int, *, staff: Staff, now: datetime) -> Segment:
    """Delete a segment that nobody uses; its members are known, and it can be restored, for KEPT.

    Raises NotAllowed, Segment.DoesNotExist, SegmentRefused naming the users.
    """
    require(staff, MANAGE_SEGMENTS)
    with transaction.atomic():
        take_changes()
        segment = Segment.objects.existing().select_for_update().get(pk=segment_id)
        if uses := uses_of([segment.pk]):
            seen = {one.pk for one in visible_segments(staff)}
            hidden = {use.by for _user, use in uses} - seen - {0}
            names = ", ".join(
                str(user.label) if use.by in hidden else f"{user.label} “{use.name}”" for user, use in uses
            )
            raise SegmentRefused(Refusal.IN_USE, name=segment.name, users=names)
        Read.objects.filter(segment=segment).delete()
        Due.objects.filter(segment=segment.pk).delete()
        segment.deleted_at, segment.deleted_by = now, staff
        segment.save(update_fields=["deleted_at", "deleted_by"])
    return segment


def restore_segment(segment_id: int, *, staff: Staff, now: datetime) -> Segment:
    """Undo a deletion; members are computed again.

    Raises NotAllowed, Segment.DoesNotExist, SegmentRefused.
    """
    require(staff, MANAGE_SEGMENTS)
    with transaction.atomic():
        take_changes()
        segment = Segment.objects.select_for_update().get(pk=segment_id)
        if segment.deleted_at is None or segment.deleted_at < now - KEPT:
            raise SegmentRefused(Refusal.NOT_DELETED)
        if Segment.objects.existing().count() >= MOST:
            raise SegmentRefused(Refusal.TOO_MANY, most=MOST)
        if segment.references.filter(names__deleted_at__isnull=False).exists():
            raise SegmentRefused(Refusal.NAMES_DELETED)
        segment.deleted_at = segment.deleted_by = None
        if segment.kind == Kind.RULE:
            segment.computed_at = segment.writers = segment.failed_at = None
            segment.failure = ""
        try:
            with transaction.atomic():
                segment.save()
        except IntegrityError as error:
            raise SegmentRefused(Refusal.NAME_TAKEN, name=segment.name) from error
        watch_tables(segment, parse(segment.rule) if segment.rule else None, now)
    return segment
