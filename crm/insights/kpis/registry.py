"""Every KPI of the lifecycle, defined once, in display order."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.insights.kpis.definition import Department, Kpi, Unit
from members.lifecycle.models import Stage

CLIENTS = ("clients",)
LIVES = ("lives",)

_ACQUISITION = (
    Kpi(
        code="cost_per_registration",
        stage=Stage.ACQUISITION,
        name=_("Cost per registration"),
        definition=_(
            "Spend on acquisition channels in the period, divided by the members who registered in it."
        ),
        numerator=_("Total channel spend"),
        denominator=_("New registrations"),
        department=Department.MARKETING,
        unit=Unit.MONEY,
        higher_is_better=False,
        by_book=False,
        by_channel=True,
    ),
    Kpi(
        code="registration_conversion",
        stage=Stage.ACQUISITION,
        name=_("Registration conversion"),
        definition=_(
            "Of the leads whose first 30 days ended in the period, the share that registered within "
            "those 30 days. Members first seen at registration are excluded."
        ),
        numerator=_("Registered within 30 days"),
        denominator=_("Leads whose first 30 days ended"),
        department=Department.MARKETING,
        by_channel=True,
    ),
    Kpi(
        code="channel_quality",
        stage=Stage.ACQUISITION,
        name=_("Channel quality"),
        definition=_(
            "Of the members who registered through a channel and whose first 90 days ended in the "
            "period, the share with a positive net investment by then."
        ),
        numerator=_("Positive net investment after 90 days"),
        denominator=_("Registered through a channel, 90 days elapsed"),
        department=Department.MARKETING,
        by_channel=True,
    ),
)

_ACTIVATION = (
    Kpi(
        code="first_investment_conversion",
        stage=Stage.ACTIVATION,
        name=_("First-investment conversion"),
        definition=_(
            "Of the members whose first 30 days after registration ended in the period, the share that "
            "made a first investment within those 30 days."
        ),
        numerator=_("First investment within 30 days"),
        denominator=_("Registered, 30 days elapsed"),
        department=Department.PRODUCT,
        by_channel=True,
    ),
    Kpi(
        code="time_to_activate",
        stage=Stage.ACTIVATION,
        name=_("Time to activate"),
        definition=_(
            "Average number of days from registration to first investment, for members who first "
            "invested in the period and within a year of registering."
        ),
        numerator=_("Total days from registration to first investment"),
        denominator=_("First-time investors"),
        department=Department.PRODUCT,
        unit=Unit.DAYS,
        higher_is_better=False,
        by_channel=True,
    ),
    Kpi(
        code="newcomer_quest_completion",
        stage=Stage.ACTIVATION,
        name=_("Newcomer quest completion"),
        definition=_("Of the members given the newcomer quest, the share that completed it in time."),
        numerator=_("Completed the newcomer quest"),
        denominator=_("Members given the newcomer quest"),
        department=Department.OPERATIONS,
        waits_for=_("Not available until quests are set up; no member has been given one yet."),
    ),
)

_GROWTH = (
    Kpi(
        code="repeat_investment_rate",
        stage=Stage.GROWTH,
        name=_("Repeat-investment rate"),
        definition=_(
            "Of the members whose first 90 days as investors ended in the period, the share that bought "
            "again within those 90 days, on a later day than the first buy."
        ),
        numerator=_("Bought again within 90 days"),
        denominator=_("First investment, 90 days elapsed"),
        department=Department.PRODUCT,
    ),
    Kpi(
        code="aum_per_client",
        stage=Stage.GROWTH,
        name=_("AUM per client"),
        definition=_(
            "Assets of all clients at period end, per client. A client is a member whose assets exceed "
            "the policy's empty-account threshold."
        ),
        numerator=_("Assets at period end"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        reads=CLIENTS,
    ),
    Kpi(
        code="trading_frequency",
        stage=Stage.GROWTH,
        name=_("Trading frequency"),
        definition=_("Buys and redemptions of clients at period end, per client per 30 days."),
        numerator=_("Buys and redemptions in the period"),
        denominator=_("Clients × days in the period ÷ 30"),
        department=Department.PRODUCT,
        unit=Unit.TIMES,
        reads=CLIENTS,
    ),
    Kpi(
        code="cross_buy_rate",
        stage=Stage.GROWTH,
        name=_("Cross-buy rate"),
        definition=_(
            "Share of clients who bought in at least two product categories within the 365 days to "
            "period end."
        ),
        numerator=_("Clients who bought in two or more categories"),
        denominator=_("Clients at period end"),
        department=Department.PRODUCT,
        reads=CLIENTS,
    ),
)

_MATURITY = (
    Kpi(
        code="retention",
        stage=Stage.MATURITY,
        name=_("Retention"),
        definition=_(
            "Of the members in Growth or Maturity at period start, the share still in one of the two at "
            "period end."
        ),
        numerator=_("Still in Growth or Maturity"),
        denominator=_("In Growth or Maturity at period start"),
        department=Department.WEALTH,
        reads=LIVES,
    ),
    Kpi(
        code="vip_share",
        stage=Stage.MATURITY,
        name=_("VIP share"),
        definition=_(
            "Share of clients whose assets reach the policy's Maturity threshold at period end. "
            "Membership tiers replace the threshold once they are set up."
        ),
        numerator=_("Clients at or above the threshold"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        reads=CLIENTS,
    ),
    Kpi(
        code="referral_rate",
        stage=Stage.MATURITY,
        name=_("Referral rate"),
        definition=_(
            "Share of clients who referred at least one member that registered within the 365 days to "
            "period end."
        ),
        numerator=_("Clients who referred a member"),
        denominator=_("Clients at period end"),
        department=Department.OPERATIONS,
        reads=CLIENTS,
    ),
    Kpi(
        code="all_category_holding_rate",
        stage=Stage.MATURITY,
        name=_("All-category holding rate"),
        definition=_(
            "Share of clients holding at least four product categories at period end. Held means bought "
            "for more than redeemed."
        ),
        numerator=_("Clients holding four or more categories"),
        denominator=_("Clients at period end"),
        department=Department.WEALTH,
        reads=CLIENTS,
    ),
)

_DECLINE = (
    Kpi(
        code="churn_rate",
        stage=Stage.DECLINE,
        name=_("Churn rate"),
        definition=_(
            "Of the members invested and not churned at period start, the share churned at period end: "
            "in decline with an empty account."
        ),
        numerator=_("Churned at period end"),
        denominator=_("Invested and not churned at period start"),
        department=Department.OPERATIONS,
        higher_is_better=False,
        reads=LIVES,
    ),
    Kpi(
        code="dormant_rate",
        stage=Stage.DECLINE,
        name=_("Dormant rate"),
        definition=_(
            "Of the members who have invested, the share that is dormant at period end: silent, but still "
            "holding assets."
        ),
        numerator=_("Dormant at period end"),
        denominator=_("Members who have invested"),
        department=Department.OPERATIONS,
        higher_is_better=False,
        reads=LIVES,
    ),
    Kpi(
        code="win_back_success_rate",
        stage=Stage.DECLINE,
        name=_("Win-back success rate"),
        definition=_(
            "Of the members in Decline at period start or entering it in the period, the share won back "
            "to Growth or Maturity in the period."
        ),
        numerator=_("Won back in the period"),
        denominator=_("In Decline at period start or entered in the period"),
        department=Department.SERVICE,
        reads=LIVES,
    ),
)

KPIS: tuple[Kpi, ...] = (*_ACQUISITION, *_ACTIVATION, *_GROWTH, *_MATURITY, *_DECLINE)
BY_CODE: dict[str, Kpi] = {kpi.code: kpi for kpi in KPIS}
