"""Products that mature within a month: the strongest occasion for a call."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats

_SQL = sql_beside(__file__)("maturities")


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    if reason.due is None:
        return ""
    left = (reason.due - day_of(now)).days
    values = {
        "product": reason.detail["product"],
        "amount": formats.short_money(reason.stake),
        "day": formats.day(reason.due),
        "days": formats.days(left),
    }
    if not left:
        return _("%(product)s: %(amount)s matures today") % values
    return _("%(product)s: %(amount)s matures in %(days)s, on %(day)s") % values


MATURITIES = Source(
    "maturity",
    gettext_lazy("Product maturity"),
    gettext_lazy("Maturing products: amount maturing. Within 7 days 90%, within 30 days 30%."),
    lambda: _SQL,
    _words,
)
