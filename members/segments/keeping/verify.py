"""The nightly proof: compute every kept segment from all members and compare with what is stored."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from crm.runtime.clock import day_of
from members.segments.keeping.compiled import compile_segment
from members.segments.keeping.failures import is_its_own, retry, set_apart
from members.segments.keeping.keep import Progress, keep
from members.segments.keeping.summarize import summarize_all
from members.segments.models import Segment, Tally

JOB = "verify segments"  # the name its runs are recorded under


class Differing(RuntimeError):
    """What is stored is not what the rules say."""


@dataclass(frozen=True)
class Difference:
    """How one segment differs: members `missing` and `extra`, and by how much its counts are wrong."""

    segment: int
    missing: int
    extra: int
    miscounted: int


def verify_nightly(*, now: datetime, progress: Progress | None = None) -> dict[str, Any]:
    """Keep what waits (also what failed), compare, have segments that differ computed again, sum up.

    Returns the facts for the record of the run.
    """
    retry()
    keep(now=now)
    members, segments, differing = verify(now=now, progress=progress)
    if differing:
        _correct(differing, now)
        keep(now=now)
    summarize_all(now)
    return {
        "segments": segments,
        "members": members,
        "differing": len(differing),
        "missing": sum(one.missing for one in differing),
        "extra": sum(one.extra for one in differing),
        "failed": Segment.objects.existing().filter(failed_at__isnull=False).count(),
        "samples": [asdict(one) for one in differing[:20]],
    }


@transaction.atomic
def _correct(differing: list[Difference], now: datetime) -> None:
    """Have these computed again, and take what was counted wrong back."""
    wrong = [one for one in differing if one.missing or one.extra]
    Segment.objects.kept().filter(pk__in=[one.segment for one in wrong]).update(
        computed_at=None, writers=None
    )
    Tally.objects.bulk_create(
        Tally(segment_id=one.segment, day=day_of(now), rebased=-one.miscounted)
        for one in differing
        if one.miscounted
    )


def verify(*, now: datetime, progress: Progress | None = None) -> tuple[int, int, list[Difference]]:
    """Members of all kept segments by full computation, the number of segments, and those that differ."""
    members, number, differing = 0, 0, []
    for segment in Segment.objects.kept().order_by("pk"):
        found = _compare(segment, now)
        if found is None:
            continue
        number += 1
        members += found[0]
        if any(found[1:]):
            differing.append(Difference(segment.pk, *found[1:]))
        if progress:
            progress(number)
    return members, number, differing


def _compare(segment: Segment, now: datetime) -> tuple[int, int, int, int] | None:
    try:
        with transaction.atomic():
            holds, missing, extra, miscounted = compile_segment(segment, now).execute("compare")
    except (DatabaseError, ValueError) as error:
        if isinstance(error, DatabaseError) and not is_its_own(error):
            raise
        set_apart(segment, error, now)
        return None
    return int(holds), int(missing), int(extra), int(miscounted)


def differences(found: dict[str, Any]) -> str:
    """What differs, for the failure of the run; empty where nothing does."""
    if not found["differing"]:
        return ""
    return f"{found['differing']} segments, {found['missing']} members missing, {found['extra']} too many"
