"""KPIs of growth: buying again, in more categories, with more assets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import Department, Group, Kpi, Parameter, Unit

ROLL_OVER = Parameter(
    "roll_over_days", _("Days after a payout within which a buy is a roll-over"), 14, _("within 14 days")
)
CASH = Parameter(
    "cash_categories",
    _("Categories that count as cash management"),
    ["cash", "money_market", "现金管理", "货币基金"],
    _("cash, money market"),
)

KPIS = (
    Kpi(
        code="aum_growth",
        group=Group.GROWTH,
        name=_("AUM in Growth"),
        definition=_("Assets at period end of the members who are in Growth at that instant."),
        numerator=_("Assets of members in Growth"),
        denominator=_("Members in Growth"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        is_total=True,
        reads=("assets", "lives"),
        parameters=(Parameter("stage", _("Stage"), "growth", Group.GROWTH.label),),
        sql_name="aum_in_stage",
    ),
    Kpi(
        code="repeat_investment_rate",
        group=Group.GROWTH,
        name=_("Repeat-investment rate"),
        definition=_(
            "Of the members whose first 90 days as investors ended in the period, the share that decided "
            "to buy again within those 90 days, on a later day than the first buy. Debits of savings plans "
            "and roll-overs of money just paid out do not count."
        ),
        numerator=_("Bought again within 90 days"),
        denominator=_("First investment, 90 days elapsed"),
        department=Department.PRODUCT,
        version=2,
        parameters=(ROLL_OVER,),
    ),
    Kpi(
        code="aum_per_client",
        group=Group.GROWTH,
        name=_("AUM per client"),
        definition=_(
            "Assets of all clients at period end, per client. A client is a member whose assets exceed "
            "the policy's empty-account threshold."
        ),
        numerator=_("Assets at period end"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        reads=("assets",),
    ),
    Kpi(
        code="trading_frequency",
        group=Group.GROWTH,
        name=_("Trading frequency"),
        definition=_(
            "Buys and redemptions of clients at period end, per client per 30 days. Payouts at "
            "maturity and savings plan debits are excluded."
        ),
        numerator=_("Buys and redemptions in the period"),
        denominator=_("Clients × days in the period ÷ 30"),
        department=Department.PRODUCT,
        version=2,
        unit=Unit.TIMES,
        reads=("assets",),
    ),
    Kpi(
        code="cross_buy_rate",
        group=Group.GROWTH,
        name=_("Cross-buy rate"),
        definition=_(
            "Share of clients who bought in at least two product categories within the 365 days to "
            "period end, cash management left out."
        ),
        numerator=_("Clients who bought in two or more categories"),
        denominator=_("Clients at period end"),
        department=Department.PRODUCT,
        version=2,
        reads=("assets",),
        parameters=(CASH,),
    ),
)
