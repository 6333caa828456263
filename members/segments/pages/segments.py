"""The list of segments, and that of those deleted lately."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.responses import StaffRequest, render_page
from members.segments.keeping.clean import KEPT
from members.segments.models import Segment
from members.segments.pages.computing import answer_poll, is_poll
from members.segments.permissions import MANAGE_SEGMENTS, SEE_SEGMENTS
from members.segments.reading.numbers import Numbers, knows_week, numbers_of
from members.segments.visibility import deleted_segments, visible_segments


@dataclass(frozen=True)
class Row:
    """A segment and its numbers over the members that the reader sees."""

    segment: Segment
    numbers: Numbers
    knows_week: bool


@allowed(SEE_SEGMENTS)
@require_GET
def segments_page(request: StaffRequest) -> HttpResponse:
    """Every segment that the reader may see, the largest first."""
    now = clock.now()
    found = visible_segments(request.user)
    is_computing = any(segment.is_computing for segment in found)
    if is_poll(request):
        return answer_poll(is_computing=is_computing)
    numbers = numbers_of([segment.pk for segment in found], request.user, now)
    rows = [Row(segment, numbers[segment.pk], knows_week(segment, now)) for segment in found]
    rows.sort(key=lambda row: (-row.numbers.members, row.segment.name))
    context = {"rows": rows, "is_computing": is_computing, "may_manage": may(request.user, MANAGE_SEGMENTS)}
    return render_page(request, "segments/segments.html", context)


@allowed(MANAGE_SEGMENTS)
@require_GET
def deleted_page(request: StaffRequest) -> HttpResponse:
    """What can be restored, the latest deletion first."""
    found = deleted_segments(request.user, since=clock.now() - KEPT)
    rows = [(one, one.deleted_at + KEPT) for one in found if one.deleted_at is not None]
    return render_page(request, "segments/deleted.html", {"rows": rows, "days": KEPT.days})
