"""Products whose risk rating rose: who holds one has to be told (证券期货投资者适当性管理办法 21)."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.desk.reasons.registry import Reason, Source
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.web import formats

_SQL = sql_beside(__file__)("raised_ratings")


def _words(reason: Reason, staff: Staff, now: datetime) -> str:
    values = {
        "product": reason.detail["product"],
        "before": f"R{reason.detail['before']}",
        "after": f"R{reason.detail['after']}",
        "day": formats.day(date.fromisoformat(reason.detail["day"])),
        "class": reason.detail["risk_class"] or "–",
    }
    if reason.detail["is_above"]:
        return (
            _(
                "%(product)s: rating raised from %(before)s to %(after)s on %(day)s, now above risk class"
                " %(class)s: inform the member"
            )
            % values
        )
    return _("%(product)s: rating raised from %(before)s to %(after)s on %(day)s: inform the member") % values


RAISED_RATINGS = Source(
    "raised_rating",
    gettext_lazy("Product rating raised"),
    gettext_lazy(
        "Raised product ratings: amount held. Now above the member's risk class 70%, otherwise 20%;"
        " for 30 days."
    ),
    lambda: _SQL,
    _words,
)
