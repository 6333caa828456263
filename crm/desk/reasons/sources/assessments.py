"""Risk assessments that ended or end soon: without one no product may be offered."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats

_SQL = sql_beside(__file__)("assessments")


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    if reason.due is None:
        return ""
    values = {
        "class": reason.detail["risk_class"],
        "day": formats.day(reason.due),
        "days": formats.days(abs((reason.due - day_of(now)).days)),
    }
    if reason.due <= day_of(now):
        return _("Risk assessment (%(class)s) expired on %(day)s: no product may be offered") % values
    return _("Risk assessment (%(class)s) expires in %(days)s, on %(day)s") % values


ASSESSMENTS = Source(
    "assessment",
    gettext_lazy("Risk assessment"),
    gettext_lazy(
        "Risk assessments: current assets. Expired or expiring within 7 days 10%; no call needed before that."
    ),
    lambda: _SQL,
    _words,
)
