"""Export the members of a segment."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.downloads.table_files import table_file
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, refused
from members.segments.pages.member_file import export_members
from members.segments.visibility import get_visible_or_404


@allowed(EXPORT)
@require_POST
def export_segment(request: StaffRequest, segment_id: int) -> HttpResponse | HttpResponseBase:
    """The members that the reader sees as a file, for a purpose that is logged."""
    segment, now = get_visible_or_404(segment_id, request.user), clock.now()
    purpose = request.POST.get("purpose", "")
    try:
        rows = export_members(segment, purpose=purpose, staff=request.user, now=now)
    except ReasonMissing as error:
        return refused(request, reverse("segment", args=[segment.pk]), error_text(error))
    return table_file(request, rows, f"segment-{segment.pk}-{clock.day_of(now)}")
