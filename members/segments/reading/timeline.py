"""What segments put into the timeline of a member: which it joined and left, of those the reader sees."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id
from members.segments.visibility import visible_segments

_sql = sql_beside(__file__)


def _visible(staff: Staff) -> Mapping[str, Any]:
    return {"segment_visible": [segment.pk for segment in visible_segments(staff)]}


def _entry(row: Row, staff: Staff) -> Entry:
    words = _("Joined segment “%(name)s”") if row.kind == "joined" else _("Left segment “%(name)s”")
    return Entry(words % {"name": row.detail})


SOURCE = Source(
    "segment",
    Kind("segment", gettext_lazy("Segments"), 55),
    partial(_sql, "timeline"),
    _entry,
    outside_id=no_id,
    of_reader=_visible,
)
