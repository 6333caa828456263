"""What transactions and savings plans put into the timeline of a member."""

from __future__ import annotations

from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from members.portfolio.models import TransactionKind
from members.profiles.timeline.registry import Entry, Kind, Row, Source
from members.profiles.timeline.sources import PROFILE

_sql = sql_beside(__file__)
PLANS: dict[str, str | Promise] = {
    "plan_started": gettext_lazy("Savings plan started"),
    "plan_ended": gettext_lazy("Savings plan ended"),
}
_PLAN_DEBIT = gettext_lazy("Savings plan debit")
_FLOWS = {"buy": "in", "plan_debit": "in", "redemption": "out", "payout": "out", "fee": "out"}


def _transaction(row: Row, staff: Staff) -> Entry:
    label = str(_PLAN_DEBIT if row.kind == "plan_debit" else TransactionKind(row.kind).label)
    return Entry(label, row.detail or "", row.amount, _FLOWS.get(row.kind, ""))


def _plan(row: Row, staff: Staff) -> Entry:
    return Entry(str(PLANS[row.kind]), row.detail or "", row.amount)


def _plan_id(row: Row) -> str:
    return row.id.partition(" ")[2]


SOURCES = (
    Source(
        "transaction",
        Kind("transaction", gettext_lazy("Transactions"), 10),
        partial(_sql, "timeline_transactions"),
        _transaction,
    ),
    Source("plan", PROFILE, partial(_sql, "timeline_plans"), _plan, outside_id=_plan_id),
)
PRODUCT_PAGES = _sql("product_pages")
