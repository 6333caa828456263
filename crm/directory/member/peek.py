"""The preview of a member beside the list: stage, why, what comes next, the latest of the timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404

from crm.directory.list.rows import rows_of
from crm.directory.member.explained import explained
from crm.directory.member.profile import personal_value
from crm.directory.member.timeline.read import read_timeline
from crm.staff.models import Staff
from members.lifecycle.forecast.explain import UnknownMember
from members.lifecycle.recording.failures import failure_of

LATEST = 6  # entries of the timeline


def preview(member_id: int, staff: Staff, now: datetime) -> dict[str, Any]:
    """The context of the preview. At most six queries. Raises Http404."""
    rows = rows_of([member_id], staff)
    if not rows:
        raise Http404
    try:
        found = explained(member_id, failure_of(member_id), now)
    except UnknownMember as error:
        raise Http404 from error
    return {
        "row": rows[0],
        "mobile": personal_value(rows[0].view, "mobile"),
        "title": rows[0].view.name,
        **found,
        "timeline": read_timeline(member_id, staff, now, size=LATEST),
    }
