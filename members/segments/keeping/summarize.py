"""Assets and stages of whole segments, kept for pages that cannot add up a million members meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection

from crm.runtime.sql_files import sql_beside
from members.segments.models import Segment, Summary

_sql = sql_beside(__file__)
FRESH = timedelta(minutes=10)  # for which a summary is good enough


def summarize_changed(changed: Collection[int], now: datetime) -> None:
    """Summarize these segments, those excepted that were summarized a moment ago."""
    fresh = Summary.objects.filter(segment__in=changed, at__range=(now - FRESH, now)).values_list(
        "segment", flat=True
    )
    if stale := sorted(set(changed) - set(fresh)):
        _summarize(stale, now)


def summarize_all(now: datetime) -> int:
    """Summarize every segment, whose members' assets change by themselves; returns how many there are."""
    segments = list(Segment.objects.existing().values_list("pk", flat=True))
    if segments:
        _summarize(segments, now)
    return len(segments)


def _summarize(segments: Collection[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_sql("summarize"), {"segments": list(segments), "now": now})
