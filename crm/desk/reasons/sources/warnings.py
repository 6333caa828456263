"""Open churn warnings: who may leave, with the evidence then and now."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.lifecycle.models import Warning
from members.lifecycle.sentences.history import warning_reason

_SQL = sql_beside(__file__)("warnings")


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    detail = reason.detail
    warning = Warning(kind=detail["kind"], raised_at=reason.since, evidence=detail["evidence"])
    return warning_reason(warning, now, Decimal(detail["aum"]))


WARNINGS = Source(
    "warning",
    gettext_lazy("Churn warning"),
    gettext_lazy(
        "Churn warnings: current assets, or the outflow if larger. Churn signal 100%, falling "
        "assets 80%, inactivity 50%."
    ),
    lambda: _SQL,
    _words,
)
