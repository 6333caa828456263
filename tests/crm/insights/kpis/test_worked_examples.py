"""Every KPI on a few hand-made members with a known answer, at the edges of the period in platform time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from members.portfolio.models import Valuation
from members.profiles.models import Identity
from tests.crm.cast import move
from tests.crm.insights.people import (
    at,
    channel,
    client,
    counted,
    newcomer_quest,
    on_quest,
    person,
    policy,
    product,
    spend,
    trade,
    visit,
)

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _policy():
    policy()


def test_cost_per_registration_is_the_month_s_spend_over_its_registrations():
    search, salon = channel("search"), channel("salon")
    for day, amount in (
        (date(2026, 1, 31), "999"),
        (date(2026, 2, 1), "60.50"),
        (date(2026, 2, 28), "39.50"),
    ):
        spend(search, day, amount)
    spend(salon, date(2026, 3, 1), "999"), spend(salon, date(2026, 2, 10), "20")
    person(registered=at(2, 1, 0, 0) - SECOND), person(registered=at(3, 1, 0, 0))
    (
        person(registered=at(2, 1, 0, 0), channel=search),
        person(registered=at(3, 1, 0, 0) - SECOND, channel=salon),
    )
    person(registered=at(2, 14))
    assert counted("cost_per_registration") == (120, 3)
    assert counted("cost_per_registration", "channel", search.id) == (100, 1)
    assert counted("cost_per_registration", "channel", salon.id) == (20, 1)


def test_leads_count_for_their_conversion_when_their_30_days_are_over():
    thirty = timedelta(days=30)
    first, after = at(2, 1, 0, 0) - thirty, at(3, 1, 0, 0) - thirty
    person(known=first, registered=first + thirty - SECOND)  # the last second counts
    person(known=first, registered=first + thirty)  # too late
    person(known=after - SECOND)  # has not registered
    (
        person(known=first - SECOND, registered=at(2, 1)),
        person(known=after, registered=at(2, 20)),
    )  # other months
    person(known=at(1, 20), registered=at(1, 20))  # became known by registering: no lead
    assert counted("lead_registration") == (1, 3)


def test_registration_conversion_divides_by_visitors_each_once():
    thirty = timedelta(days=30)
    first, after = at(2, 1, 0, 0) - thirty, at(3, 1, 0, 0) - thirty
    search = channel("search")
    person(known=first, registered=first + thirty - SECOND, channel=search)
    person(known=first, registered=first)  # registered at the first visit
    person(known=after - SECOND)  # a lead to this day
    visit(search, first, "v1"), visit(search, after - SECOND, "v1"), visit(search, at(2, 27), "v1")
    visit(search, first), visit(search, first)  # nameless: each a visitor
    visit(search, first - SECOND, "v2"), visit(search, first, "v2"), visit(search, after, "v3")
    known = person(known=at(3, 14, year=2025), registered=at(2, 1, year=2026))
    Identity.objects.create(kind="visitor", source="site", value="v4", member=known)
    visit(search, first, "v4")
    assert counted("registration_conversion") == (2, 6)
    assert counted("registration_conversion", "channel", search.id) == (1, 4)


def test_channel_money_is_what_is_in_after_90_days_a_member():
    search = channel("search")
    ninety = timedelta(days=90)
    first, after = at(2, 1, 0, 0) - ninety, at(3, 1, 0, 0) - ninety
    stays, leaves, late, idle = (person(registered=first, channel=search) for _ in range(4))
    trade(stays, first + SECOND, "100"), trade(stays, first + ninety - SECOND, "40.50", "redemption")
    trade(leaves, first + SECOND, "100"), trade(leaves, first + timedelta(days=80), "120", "payout")
    trade(late, first + ninety, "100")
    trade(idle, first + SECOND, "5", "dividend")
    for other in (
        person(registered=after, channel=search),
        person(registered=first - SECOND, channel=search),
    ):
        trade(other, other.registered_at + SECOND, "100")
    trade(person(registered=first), first + SECOND)  # through no channel
    assert counted("channel_money") == (Decimal("39.50"), 4)
    assert counted("channel_money", "channel", search.id) == (Decimal("39.50"), 4)


def test_channel_retention_asks_who_holds_assets_90_days_after_the_first_investment():
    search, ninety = channel("search"), timedelta(days=90)
    first = at(2, 1, 0, 0) - ninety
    holds, emptied, valued, alone = (
        person(registered=first, invested=first, channel=way) for way in (search, search, search, None)
    )
    for row in (holds, emptied, valued, alone):
        trade(row, first, "100")
    trade(holds, first + ninety, "100", "redemption")  # a moment too late to count
    trade(emptied, first + ninety - SECOND, "99.50", "redemption")
    Valuation.objects.create(member=valued, date=date(2026, 1, 31), aum=0)
    assert counted("channel_retention") == (1, 3)


def test_cost_per_first_investment_is_the_spend_over_first_investors():
    search = channel("search")
    spend(search, date(2026, 2, 3), "90")
    person(registered=at(1, 1), invested=at(2, 1, 0), channel=search)
    person(registered=at(1, 1), invested=at(2, 28, 23), channel=search)
    person(registered=at(1, 1), invested=at(3, 1, 0), channel=search)
    assert counted("cost_per_first_investment", "channel", search.id) == (90, 2)


def test_first_investment_conversion_within_30_days_of_registering():
    thirty = timedelta(days=30)
    first, after = at(2, 1, 0, 0) - thirty, at(3, 1, 0, 0) - thirty
    person(registered=first, invested=first + thirty - SECOND)
    person(registered=first, invested=first + thirty)
    person(registered=after - SECOND)
    person(registered=after, invested=after + SECOND), person(registered=first - SECOND, invested=first)
    assert counted("first_investment_conversion") == (1, 3)


def test_time_to_activate_is_the_mean_of_who_first_invested_in_the_month():
    person(registered=at(1, 30, 12), invested=at(2, 1, 0))  # a day and a half
    person(registered=at(2, 20, 0), invested=at(2, 28, 12))  # eight and a half
    person(registered=at(2, 1), invested=at(3, 1, 0)), person(registered=at(1, 1), invested=at(1, 31, 23))
    person(registered=at(2, 1, year=2024), invested=at(2, 10))  # more than a year
    assert counted("time_to_activate") == (10, 2)


def test_newcomer_quest_completion_divides_by_those_whose_time_ended():
    quest, other = newcomer_quest("newcomer"), newcomer_quest("other")
    month, after = at(2, 1, 0, 0), at(3, 1, 0, 0)
    for version, started, ends, completed, gone in (
        (quest, month - 9 * DAY, month, month - DAY, None),  # the first second of the month counts
        (quest, month, after - SECOND, None, None),
        (quest, month - 9 * DAY, month - SECOND, None, None),
        (quest, month, after, month + DAY, None),
        (quest, month - 30 * DAY, None, month, None),  # without a limit: 30 days
        (quest, month - 30 * DAY, None, month + SECOND, None),
        (quest, month, month + DAY, None, month + DAY),  # corrected
        (other, month, month + DAY, None, None),
    ):
        on_quest(person(registered=month - 40 * DAY), version, started, ends, completed, gone)
    assert counted("newcomer_quest_completion") == (2, 4)


def test_repeat_investment_takes_a_later_day_within_90():
    ninety = timedelta(days=90)
    first = at(2, 1, 0, 0) - ninety
    again, same_day, late, sold = (person(registered=first, invested=first) for _ in range(4))
    for row in (again, same_day, late, sold):
        trade(row, first)
    trade(again, first + ninety - SECOND), trade(same_day, first + timedelta(hours=23, minutes=59))
    trade(late, first + ninety), trade(sold, first + timedelta(days=9), kind="redemption")
    trade(person(registered=first, invested=first - SECOND), first + timedelta(days=9))
    planned, rolled, both = (person(registered=first, invested=first) for _ in range(3))
    trade(planned, first + timedelta(days=30), plan_debit=True)
    for row in (rolled, both):
        trade(row, first + timedelta(days=30), "500", "payout")
        trade(row, first + timedelta(days=43, hours=23), "500")
    trade(both, first + timedelta(days=44), "10")  # the fourteen days are over
    assert counted("repeat_investment_rate") == (2, 7)


def test_aum_per_client_is_valued_at_the_end_of_the_month():
    valued = client("1000")
    Valuation.objects.create(member=valued, date=date(2026, 2, 28), aum=2000)
    Valuation.objects.create(member=valued, date=date(2026, 3, 1), aum=9999)
    traded = client("500")  # valued last year; bought since, and once too late
    (
        trade(traded, at(2, 28, 23, 59), "300"),
        trade(traded, at(2, 27), "50", "redemption"),
        trade(traded, at(3, 1, 0), "7"),
    )
    trade(traded, at(6, 2, 23, year=2025), "77")  # of the valued day: in the valuation
    bought = person(registered=at(1, 1), invested=at(2, 2))
    trade(bought, at(2, 2), "250")
    client("1"), person(registered=at(1, 1))  # an empty account, and none
    trade(person(registered=at(1, 1), invested=at(3, 1, 0)), at(3, 1, 0))  # after the month
    assert counted("aum_per_client") == (2000 + 750 + 250, 3)


def test_trading_frequency_is_trades_a_client_and_30_days():
    busy, quiet = client(), client()
    for when in (at(2, 1, 0), at(2, 28, 23, 59)):
        trade(busy, when)
    trade(busy, at(2, 14), kind="redemption"), trade(quiet, at(2, 14), kind="fee"), trade(quiet, at(3, 1, 0))
    trade(quiet, at(1, 31, 23, 59)), trade(quiet, at(2, 3), plan_debit=True)
    trade(quiet, at(2, 4), kind="payout")
    numerator, denominator = counted("trading_frequency")
    assert numerator == 3
    assert round(denominator, 3) == Decimal("1.867")  # 2 × 28 ÷ 30


def test_cross_buy_counts_categories_bought_within_365_days_without_cash_management():
    cash, fund, bond, other_fund = (product(code) for code in ("cash", "fund", "bond", "fund"))
    two, one, old, sold, parked = (client() for _ in range(5))
    trade(two, at(2, 28, 23), product=fund), trade(two, at(3, 2, year=2025), product=bond)
    trade(one, at(2, 1), product=fund), trade(one, at(2, 2), product=other_fund)
    trade(old, at(2, 1), product=fund), trade(old, at(2, 28, year=2025), product=bond)
    trade(sold, at(2, 1), product=fund), trade(sold, at(2, 1), kind="redemption", product=bond)
    trade(parked, at(2, 1), product=cash), trade(parked, at(2, 1), product=bond)
    assert counted("cross_buy_rate") == (1, 5)


def test_retention_follows_members_from_the_beginning_to_the_end():
    stays, falls, came = client(), client(stage="decline", sub_state="at_risk"), client()
    fell_later, returned = client(stage="decline", sub_state="at_risk"), client()
    move(falls, "growth", "decline", at(2, 28, 23, 59), to_sub_state="at_risk")
    move(came, "activation", "growth", at(2, 1, 0))
    move(fell_later, "growth", "decline", at(3, 1, 0), to_sub_state="at_risk")
    move(returned, "growth", "decline", at(2, 3), to_sub_state="at_risk")
    move(returned, "decline", "growth", at(2, 20), from_sub_state="at_risk", won_back=True)
    move(stays, "growth", "decline", at(2, 3), superseded_at=at(2, 4))
    assert counted("retention") == (3, 4)


def test_vip_share_takes_the_policy_s_threshold_of_maturity():
    client("200000"), client("199999.99"), client("2500000"), client("3")
    assert counted("vip_share") == (2, 4)


def test_referral_rate_counts_who_brought_somebody_within_a_year():
    brings, earlier, later, brings_a_lead = client(), client(), client(), client()
    person(registered=at(2, 28, 23), referrer=brings), person(registered=at(2, 1), referrer=brings)
    person(registered=at(2, 28, year=2025), referrer=earlier), person(registered=at(3, 1, 0), referrer=later)
    person(known=at(2, 2), referrer=brings_a_lead)
    assert counted("referral_rate") == (1, 4)


def test_all_category_holding_asks_for_four_categories_held():
    kinds = [product(code) for code in ("cash", "bond", "equity", "insurance", "gold")]
    four, emptied = client(), client()
    for row in (four, emptied):
        for each in kinds[:4]:
            trade(row, at(2, 1), "100", product=each)
    trade(four, at(2, 2), "99.99", "redemption", kinds[0])
    trade(emptied, at(2, 2), "100", "redemption", kinds[0]), trade(emptied, at(3, 1, 0), product=kinds[4])
    assert counted("all_category_holding_rate") == (1, 2)
