"""Segments whose rule cannot be evaluated: set apart, so that all others are kept."""

from __future__ import annotations

from datetime import datetime

from django.db import DatabaseError

from members.lifecycle.evaluation.isolate import sqlstate_of_data
from members.segments.models import Due, Segment

RULE, DATA = "rule", "data"  # the rule asks for what the catalogue no longer has; values that make SQL fail


def is_its_own(error: DatabaseError) -> bool:
    """Whether a segment's rule and its data caused this, not a lost connection or a full disk."""
    return sqlstate_of_data(error) is not None


def set_apart(segment: Segment, error: Exception, now: datetime) -> None:
    """Keep this version no longer. It is computed again at night, or when its rule is changed."""
    Segment.objects.filter(pk=segment.pk, version=segment.version).update(
        computed_at=None,
        writers=None,
        failed_at=now,
        failure=DATA if isinstance(error, DatabaseError) else RULE,
    )
    Due.objects.filter(segment=segment.pk).delete()


def retry() -> int:
    """Let segments that failed be computed again; returns how many."""
    return Segment.objects.existing().filter(failed_at__isnull=False).update(failed_at=None, failure="")
