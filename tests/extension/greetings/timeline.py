"""Greetings in the timeline of a member."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id


def _greeting(row: Row, staff: Staff) -> Entry:
    return Entry(_("Greeting sent"), row.detail or "")


GREETINGS = Source(
    "greeting",
    Kind("greeting", gettext_lazy("Greetings"), 45),
    partial(sql_beside(__file__), "timeline"),
    _greeting,
    outside_id=no_id,
)
