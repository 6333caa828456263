"""Every KPI of the lifecycle, defined once, in the order in which they are shown."""

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
            "Money spent on acquisition channels in the period, for each member who registered in it."
        ),
        numerator=_("Spend on all channels"),
        denominator=_("Members who registered"),
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
            "them. Who became known by registering was no lead and does not count."
        ),
        numerator=_("Registered within 30 days"),
        denominator=_("Leads whose 30 days ended"),
        department=Department.MARKETING,
        by_channel=True,
    ),
    Kpi(
        code="channel_quality",
        stage=Stage.ACQUISITION,
        name=_("Channel quality"),
        definition=_(
            "Of the members who registered through a channel and whose first 90 days ended in the "
            "period, the share that had by then put in more money than they took out."
        ),
        numerator=_("Net invested after 90 days"),
        denominator=_("Registered through a channel, 90 days ended"),
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
            "Of the members whose first 30 days after registration ended in the period, the share "
            "that invested for the first time within them."
        ),
        numerator=_("First invested within 30 days"),
        denominator=_("Registered, 30 days ended"),
        department=Department.PRODUCT,
        by_channel=True,
    ),
    Kpi(
        code="time_to_activate",
        stage=Stage.ACTIVATION,
        name=_("Time to activate"),
        definition=_(
            "Mean number of days from registration to the first investment, of the members who first "
            "invested in the period and within a year of registering."
        ),
        numerator=_("Days from registration to first investment"),
        denominator=_("Members who first invested"),
        department=Department.PRODUCT,
        unit=Unit.DAYS,
        higher_is_better=False,
        by_channel=True,
    ),
    Kpi(
        code="newcomer_quest_completion",
        stage=Stage.ACTIVATION,
        name=_("Newcomer-quest completion"),
        definition=_("Of the members who were given the newcomer quest, the share that finished it in time."),
        numerator=_("Finished the newcomer quest"),
        denominator=_("Were given the newcomer quest"),
        department=Department.OPERATIONS,
        waits_for=_("Not measurable until quests are set up: nobody has been given one."),
    ),
)

_GROWTH = (
    Kpi(
        code="repeat_investment_rate",
        stage=Stage.GROWTH,
        name=_("Repeat-investment rate"),
        definition=_(
            "Of the members whose first 90 days as investors ended in the period, the share that "
            "bought again within them, on a later day than the first."
        ),
        numerator=_("Bought again within 90 days"),
        denominator=_("First invested, 90 days ended"),
        department=Department.PRODUCT,
    ),
    Kpi(
        code="aum_per_client",
        stage=Stage.GROWTH,
        name=_("AUM per client"),
        definition=_(
            "Assets of all clients at the end of the period, for each client. A client is a member "
            "whose assets are above what the policy calls an empty account."
        ),
        numerator=_("Assets at the end of the period"),
        denominator=_("Clients at the end of the period"),
        department=Department.WEALTH,
        unit=Unit.MONEY,
        reads=CLIENTS,
    ),
    Kpi(
        code="trading_frequency",
        stage=Stage.GROWTH,
        name=_("Trading frequency"),
        definition=_("Buys and sells of the period's clients, for each client and 30 days."),
        numerator=_("Buys and sells in the period"),
        denominator=_("Clients × days of the period ÷ 30"),
        department=Department.PRODUCT,
        unit=Unit.TIMES,
        reads=CLIENTS,
    ),
    Kpi(
        code="cross_buy_rate",
        stage=Stage.GROWTH,
        name=_("Cross-buy rate"),
        definition=_(
            "Share of clients who bought in two product categories or more within the 365 days up to "
            "the end of the period."
        ),
        numerator=_("Clients with two categories bought or more"),
        denominator=_("Clients at the end of the period"),
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
            "Of the members in growth or maturity when the period began, the share still in one of "
            "the two when it ends."
        ),
        numerator=_("Still in growth or maturity"),
        denominator=_("In growth or maturity at the beginning"),
        department=Department.WEALTH,
        reads=LIVES,
    ),
    Kpi(
        code="vip_share",
        stage=Stage.MATURITY,
        name=_("VIP share"),
        definition=_(
            "Share of clients whose assets reach the policy's threshold of maturity at the end of the "
            "period. Tiers will replace the threshold once they are set up."
        ),
        numerator=_("Clients at or above the threshold"),
        denominator=_("Clients at the end of the period"),
        department=Department.WEALTH,
        reads=CLIENTS,
    ),
    Kpi(
        code="referral_rate",
        stage=Stage.MATURITY,
        name=_("Referral rate"),
        definition=_(
            "Share of clients through whom at least one member registered within the 365 days up to "
            "the end of the period."
        ),
        numerator=_("Clients who brought somebody"),
        denominator=_("Clients at the end of the period"),
        department=Department.OPERATIONS,
        reads=CLIENTS,
    ),
    Kpi(
        code="all_category_holding_rate",
        stage=Stage.MATURITY,
        name=_("All-category holding rate"),
        definition=_(
            "Share of clients who hold at least four product categories at the end of the period. "
            "Held means: bought for more than sold."
        ),
        numerator=_("Clients with four categories held or more"),
        denominator=_("Clients at the end of the period"),
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
            "Of the members who had invested and were not churned when the period began, the share "
            "that is churned when it ends."
        ),
        numerator=_("Churned at the end"),
        denominator=_("Invested, not churned at the beginning"),
        department=Department.OPERATIONS,
        higher_is_better=False,
        reads=LIVES,
    ),
    Kpi(
        code="dormant_rate",
        stage=Stage.DECLINE,
        name=_("Dormant rate"),
        definition=_("Of the members who have invested, the share that is dormant at the end of the period."),
        numerator=_("Dormant at the end of the period"),
        denominator=_("Have invested"),
        department=Department.OPERATIONS,
        higher_is_better=False,
        reads=LIVES,
    ),
    Kpi(
        code="win_back_success_rate",
        stage=Stage.DECLINE,
        name=_("Win-back success rate"),
        definition=_(
            "Of the members who were in decline when the period began or fell into it in the period, "
            "the share won back to growth or maturity in the period."
        ),
        numerator=_("Won back in the period"),
        denominator=_("In decline at the beginning or fallen into it"),
        department=Department.SERVICE,
        reads=LIVES,
    ),
)

KPIS: tuple[Kpi, ...] = (*_ACQUISITION, *_ACTIVATION, *_GROWTH, *_MATURITY, *_DECLINE)
BY_CODE: dict[str, Kpi] = {kpi.code: kpi for kpi in KPIS}
