"""What uses of benefits put into the timeline of a member."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

_sql = sql_beside(__file__)


def _use(row: Row, staff: Staff) -> Entry:
    label = _("Benefit used") if row.kind == "used" else _("Benefit use undone")
    return Entry(label, row.detail or "", row.amount)


BENEFITS = Kind("benefit", gettext_lazy("Benefits"), 56)
SOURCE = Source("benefit", BENEFITS, partial(_sql, "timeline_benefits"), _use, outside_id=no_id)
