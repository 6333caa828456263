"""Savings plans that run, and debits that have not come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from members.portfolio.models import DEBIT_GRACE_DAYS, DEBITED_WITHIN
from members.portfolio.privacy import CLASSES
from members.rules.catalogue import groups
from members.rules.catalogue.fields import Field
from members.rules.catalogue.platform_days import day_of, day_start
from members.rules.catalogue.types import Type

_PLAN = CLASSES["SavingPlan"]
_PRIVACY = (_PLAN["every"], _PLAN["started_on"], _PLAN["ended_on"])
_PLANS = "FROM portfolio_savingplan AS p WHERE p.member_id = m.id"
_RUNS = f"{_PLANS} AND p.started_on <= %(today)s AND (p.ended_on IS NULL OR p.ended_on > %(today)s)"
RUNNING = f"EXISTS (SELECT {_RUNS})"
_ENDS = (
    "(SELECT min(e.day) FROM portfolio_savingplan AS p"
    " CROSS JOIN LATERAL (VALUES (p.started_on), (p.ended_on)) AS e (day)"
    " WHERE p.member_id = m.id AND e.day > %(today)s)"
)
_PERIOD = "CASE p.every {} END".format(
    " ".join(f"WHEN '{every}' THEN {days}" for every, days in DEBITED_WITHIN.items())
)
# Running plans with the days on which their next debit is due, and missed: of a plan without a product any
# buy counts. A debit is due a period after the one before, and missed when the grace of a bank is over, too
# (SavingPlanQuerySet.missed).
_DEBITED = (
    f"FROM portfolio_savingplan AS p CROSS JOIN LATERAL (SELECT {_PERIOD} AS days) AS e"
    f" CROSS JOIN LATERAL (SELECT {day_of('max(t.at)')} AS day FROM portfolio_transaction AS t"
    f" WHERE t.member_id = p.member_id AND t.kind = 'buy' AND t.at <= %(now)s"
    f" AND (p.product_id IS NULL OR t.product_id = p.product_id)) AS b"
    f" CROSS JOIN LATERAL (SELECT greatest(b.day, p.started_on) + e.days AS due_on,"
    f" greatest(b.day + 1, p.started_on) + e.days + {DEBIT_GRACE_DAYS} AS missed_on) AS d"
    f" WHERE p.member_id = m.id AND p.started_on <= %(today)s"
    f" AND (p.ended_on IS NULL OR p.ended_on > %(today)s)"
)
MISSED = f"EXISTS (SELECT {_DEBITED} AND d.missed_on <= %(today)s)"
MISSED_SINCE = f"(SELECT min(d.due_on) {_DEBITED} AND d.missed_on <= %(today)s)"
_NEXT_BUY = (
    "(SELECT min(t.at) FROM portfolio_transaction AS t WHERE t.member_id = m.id AND t.kind = 'buy'"
    " AND t.at > %(now)s)"
)
_TO_BE_MISSED = f"(SELECT min(d.missed_on) {_DEBITED} AND d.missed_on > %(today)s)"
_NEXT_RUNNING = day_start(_ENDS)
_NEXT_MISSED = f"least({day_start(_ENDS)}, {day_start(_TO_BE_MISSED)}, {_NEXT_BUY})"

FIELDS = (
    Field(
        name="has_plan",
        label=_("Savings plan running"),
        negated=_("No savings plan running"),
        help=_("Whether a savings plan runs today."),
        type=Type.FLAG,
        sql=RUNNING,
        privacy=_PRIVACY,
        tables=("portfolio_savingplan",),
        past=RUNNING,
        next=_NEXT_RUNNING,
        group=groups.PRODUCTS,
        searched_by=("standing order", "AIP"),
    ),
    Field(
        name="plan_missed",
        label=_("Savings plan debit missed"),
        negated=_("No savings plan debit missed"),
        help=_("Whether the debit of a running plan has not come, the bank's three days of grace included."),
        type=Type.FLAG,
        sql=MISSED,
        privacy=_PRIVACY,
        tables=("portfolio_savingplan", "portfolio_transaction"),
        past=MISSED,
        next=_NEXT_MISSED,
        group=groups.PRODUCTS,
        searched_by=("standing order", "AIP"),
    ),
    Field(
        name="plan_missed_since",
        label=_("Debit missed since"),
        help=_("The day on which the debit was due that has been missing for longest."),
        type=Type.DAY,
        sql=MISSED_SINCE,
        privacy=_PRIVACY,
        tables=("portfolio_savingplan", "portfolio_transaction"),
        past=MISSED_SINCE,
        next=_NEXT_MISSED,
        group=groups.PRODUCTS,
        searched_by=("standing order", "AIP"),
    ),
)
