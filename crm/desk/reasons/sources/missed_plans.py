"""Savings plans whose debit was missed: a habit that ends without a word."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats
from members.portfolio.models import DEBIT_GRACE_DAYS, DEBITED_WITHIN

_SQL = sql_beside(__file__)("missed_plans").format(
    grace=DEBIT_GRACE_DAYS,
    periods=", ".join(f"('{every}', {days})" for every, days in DEBITED_WITHIN.items()),
)


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    if reason.due is None:
        return ""
    values = {
        "product": reason.detail["product"] or _("Savings plan"),
        "amount": formats.short_money(Decimal(reason.detail["amount"])),
        "day": formats.day(reason.due),
    }
    return _("%(product)s: savings plan debit of %(amount)s missed, due %(day)s") % values


MISSED_PLANS = Source(
    "missed_plan",
    gettext_lazy("Savings plan debit missed"),
    gettext_lazy("Missed savings plan debits: a year of debits, 30%."),
    lambda: _SQL,
    _words,
)
