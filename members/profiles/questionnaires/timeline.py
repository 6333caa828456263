"""What risk questionnaires put into the timeline of a member: links, attempts, withdrawals."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.profiles.models import WithdrawalReason
from members.profiles.timeline.registry import Entry, Kind, Row, Source, no_id

LABELS = {
    "link": gettext_lazy("Risk questionnaire link requested"),
    "attempt": gettext_lazy("Risk questionnaire answered"),
    "withdrawal": gettext_lazy("Risk assessment withdrawn"),
}


def _entry(row: Row, staff: Staff) -> Entry:
    detail = row.detail or ""
    if row.kind == "withdrawal":
        detail = str(WithdrawalReason(detail).label)
    elif row.kind == "attempt":
        detail = _("Risk class %(risk_class)s") % {"risk_class": detail}
    return Entry(str(LABELS[row.kind]), detail)


SOURCE = Source(
    "questionnaire",
    Kind("questionnaire", gettext_lazy("Risk questionnaire"), 65),
    partial(sql_beside(__file__), "timeline"),
    _entry,
    outside_id=no_id,
)
