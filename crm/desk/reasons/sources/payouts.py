"""Money paid out at maturity that did not come back: it lies idle, or goes elsewhere."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.clock import day_of
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats

_SQL = sql_beside(__file__)("payouts")


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    if reason.due is None:
        return ""
    values = {
        "product": reason.detail["product"] or _("Product not named"),
        "amount": formats.short_money(reason.stake),
        "day": formats.day(reason.since),
        "due": formats.day(reason.due),
    }
    if reason.due >= day_of(now):
        words = _(
            "%(product)s: %(amount)s paid out on %(day)s, not reinvested; counts as held through %(due)s"
        )
        return words % values
    return _("%(product)s: %(amount)s paid out on %(day)s, not reinvested") % values


PAYOUTS = Source(
    "payout",
    gettext_lazy("Payout not reinvested"),
    gettext_lazy(
        "Payouts not reinvested: amount paid out in the last 30 days less later purchases. While it counts "
        "as held 60%, afterwards 30%."
    ),
    lambda: _SQL,
    _words,
)
