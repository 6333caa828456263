"""KPIs of money across all stages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import COMPANY, Department, Group, Kpi, Parameter, Unit
from crm.web.components import Text

GRACE = Parameter("grace_days", _("Days after a payout within which a buy reinvests it"), 14, _("14 days"))


def _concentration(code: str, name: Text, definition: Text, numerator: Text, percent: int) -> Kpi:
    return Kpi(
        code=code,
        group=Group.MONEY,
        name=name,
        definition=definition,
        numerator=numerator,
        denominator=_("Assets of all clients at period end"),
        department=Department.WEALTH,
        higher_is_better=False,
        of_money=True,
        reads=("assets",),
        scopes=COMPANY,
        parameters=(Parameter("percent", _("Largest clients (percent)"), percent, str(percent)),),
        sql_name="concentration",
    )


KPIS = (
    Kpi(
        code="aum",
        group=Group.MONEY,
        name=_("AUM"),
        definition=_("Assets of all clients at period end."),
        numerator=_("Assets at period end"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        is_total=True,
        reads=("assets",),
    ),
    Kpi(
        code="net_new_money",
        group=Group.MONEY,
        name=_("Net new money"),
        definition=_(
            "Amount bought minus amount redeemed and paid out in the period. Market effect, dividends "
            "and fees are excluded."
        ),
        numerator=_("Bought − redeemed and paid out"),
        denominator=_("Members with money in or out"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        is_total=True,
        reads=("flows",),
    ),
    Kpi(
        code="money_in",
        group=Group.MONEY,
        name=_("Money in"),
        definition=_("Amount bought in the period, savings plan debits included."),
        numerator=_("Bought in the period"),
        denominator=_("Members who bought"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        is_total=True,
        reads=("flows",),
    ),
    Kpi(
        code="money_out",
        group=Group.MONEY,
        name=_("Money out"),
        definition=_("Money redeemed and paid out at maturity in the period."),
        numerator=_("Redeemed and paid out in the period"),
        denominator=_("Members with money out"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        higher_is_better=False,
        is_total=True,
        reads=("flows",),
    ),
    Kpi(
        code="market_effect",
        group=Group.MONEY,
        name=_("Market effect"),
        definition=_(
            "Change in assets not explained by money in or out: prices, interest, dividends and fees."
        ),
        numerator=_("(Assets at period end − assets at period start) − (money in − money out)"),
        denominator=_("Members with assets at period start or end, or money in or out"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        is_total=True,
        reads=("assets", "flows"),
    ),
    Kpi(
        code="aum_churn",
        group=Group.MONEY,
        name=_("AUM churn"),
        definition=_(
            "Net money taken out in the period by members who took out more than they brought in, as a "
            "share of assets at period start."
        ),
        numerator=_("Net money taken out"),
        denominator=_("Assets at period start"),
        department=Department.WEALTH,
        higher_is_better=False,
        of_money=True,
        reads=("assets", "flows"),
    ),
    Kpi(
        code="reinvestment",
        group=Group.MONEY,
        name=_("Reinvestment of payouts"),
        definition=_(
            "Of the money paid out at maturity whose grace days ended in the period, the share that its "
            "owner bought in again within them; at most what was paid out."
        ),
        numerator=_("Bought again within the grace days"),
        denominator=_("Paid out at maturity, grace days elapsed"),
        department=Department.WEALTH,
        of_money=True,
        parameters=(GRACE,),
    ),
    _concentration(
        "top_1_share",
        _("Concentration: top 1%"),
        _("Share of all assets held by the 1% of clients with the most, rounded up to whole clients."),
        _("Assets of the top 1% of clients"),
        1,
    ),
    _concentration(
        "top_10_share",
        _("Concentration: top 10%"),
        _("Share of all assets held by the 10% of clients with the most, rounded up to whole clients."),
        _("Assets of the top 10% of clients"),
        10,
    ),
)
