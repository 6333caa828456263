"""Money in a month: assets at both ends, what came in and went out, what the market did, who holds most."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from crm.insights.kpis.compute import compute, period
from crm.insights.kpis.edges import assets_sql, edges_of
from crm.insights.kpis.money import Money, read_money
from crm.insights.kpis.registry import BY_CODE, KPIS
from crm.insights.kpis.relations import for_everybody, relation_sql
from crm.insights.models import KpiValue
from crm.staff.models import Role
from members.portfolio.models import Valuation
from members.profiles.models import Book
from tests.crm.cast import NOW, move, staff_of
from tests.crm.insights.people import FEBRUARY, LAST, at, client, counted, person, policy, trade

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _policy():
    policy()


def total(code: str) -> Decimal | None:
    found = counted(code)
    return found[0] if found else None


def test_assets_change_by_new_money_and_by_the_market():
    grows, leaves, new = client("1000"), client("500"), person(registered=at(1, 1), invested=at(2, 2))
    trade(grows, at(2, 1, 0), "200"), trade(grows, at(2, 10), "50", plan_debit=True)
    trade(grows, at(2, 11), "30", "dividend"), trade(grows, at(2, 11), "3", "fee")
    trade(grows, at(3, 1, 0), "9999"), trade(grows, at(1, 31, 23), "100")
    Valuation.objects.create(member=grows, date=LAST, aum=Decimal("1500.25"))
    trade(leaves, at(2, 3), "400", "redemption"), trade(leaves, at(2, 4), "100", "payout")
    trade(new, at(2, 2), "70")
    assert total("money_in") == 320 and total("money_out") == 500
    assert total("net_new_money") == -180
    assert total("aum") == Decimal("1570.25")
    begin = 1100 + 500
    assert total("market_effect") == Decimal("1570.25") - begin + 180
    row = KpiValue.objects.get(kpi="net_new_money", month=FEBRUARY, scope="all")
    assert (row.denominator, row.members, row.value) == (1, 3, -180)


def test_churn_of_assets_is_what_members_took_out_net_of_what_they_brought():
    stays, switches, takes = client("1000"), client("1000"), client("2000")
    trade(stays, at(2, 3), "500")
    trade(switches, at(2, 3), "800", "redemption"), trade(switches, at(2, 4), "700")
    trade(takes, at(2, 5), "1500", "redemption"), trade(takes, at(2, 6), "100", "payout")
    came = person(registered=at(1, 1), invested=at(2, 2))
    trade(came, at(2, 2), "300"), trade(came, at(2, 3), "300", "redemption")
    assert counted("aum_churn") == (1700, 4000)


def test_payouts_are_taken_up_by_what_is_bought_within_14_days_of_them():
    fortnight = timedelta(days=14)
    first, after = at(2, 1, 0, 0) - fortnight, at(3, 1, 0, 0) - fortnight
    all_of_it, part, twice, late, other = (client() for _ in range(5))
    trade(all_of_it, first, "1000", "payout"), trade(all_of_it, first, "1500")
    trade(part, first, "1000", "payout"), trade(part, first + fortnight - SECOND, "250")
    trade(twice, first, "1000", "payout"), trade(twice, first + SECOND, "1000", "payout")
    trade(twice, first + timedelta(days=1), "600")  # counts once for both
    trade(late, after - SECOND, "100", "payout"), trade(late, after + fortnight, "100")
    trade(late, first - timedelta(days=1), "77")
    trade(other, first - SECOND, "5000", "payout"), trade(other, after, "5000", "payout")
    assert counted("reinvestment") == (1000 + 250 + 600, 1000 + 1000 + 2000 + 100)


def test_assets_are_told_by_the_stage_at_the_end():
    rises, falls = client("900", stage="maturity"), client("80", stage="decline", sub_state="at_risk")
    move(falls, "growth", "decline", at(3, 1, 0), to_sub_state="at_risk")
    client("5"), client("0.50")
    assert total("aum_growth") == Decimal("85.50")
    assert (total("aum_maturity"), total("aum_decline"), total("aum")) == (900, 0, Decimal("985.50"))
    assert rises.id


def test_concentration_is_the_share_of_the_clients_with_the_most():
    for amount in range(1, 21):
        client(str(amount * 100))
    client("1")  # an empty account is no client
    whole = 100 * sum(range(1, 21))
    assert counted("top_1_share") == (2000, whole)
    assert counted("top_10_share") == (2000 + 1900, whole)


def test_assets_read_once_for_many_months_are_those_of_each_month_by_itself():
    grows, new = client("1000"), person(registered=at(1, 1), invested=at(2, 2))
    trade(grows, at(2, 1, 0), "200"), trade(grows, at(1, 31, 23), "100"), trade(new, at(2, 2), "70")
    Valuation.objects.create(member=grows, date=date(2026, 2, 10), aum=Decimal("1500.25"))
    last_days = [date(2026, 1, 31), date(2026, 2, 15), LAST, date(2026, 3, 15)]
    with edges_of(last_days), connection.cursor() as cursor:
        for day in last_days:
            rows = []
            for text in (assets_sql(), for_everybody(relation_sql("assets"))):
                cursor.execute(text, period(day))
                rows.append(sorted(cursor.fetchall()))
            assert rows[0] == rows[1] != []
        cursor.execute("SELECT count(DISTINCT day) FROM pg_temp.aum_edges")
        assert cursor.fetchone() == (5,)  # of eight: the ends of December to February, and two days within


def test_the_money_of_a_book_is_read_in_one_query(django_assert_num_queries):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine, other = client("1000"), client("50")
    Book.objects.create(member=mine, staff=manager, started_at=at(1, 1))
    trade(mine, at(2, 3), "400", "redemption"), trade(other, at(2, 3), "9")
    trade(mine, at(3, 3), "150"), trade(mine, at(2, 20), "1000")
    for last in (LAST, date(2026, 3, 15)):
        compute(last_day=last, now=NOW)
    compute(last_day=date(2026, 2, 15), now=NOW, span="to_date")
    with django_assert_num_queries(1):
        money = read_money(manager, date(2026, 3, 1))
    assert (money.aum, money.aum_before, money.clients) == (1750, 600, 1)
    assert (money.net_new, money.net_new_before, money.lost, money.through) == (
        150,
        -400,
        0,
        date(2026, 3, 15),
    )
    assert money.by_stage == (("growth", 1750), ("maturity", 0), ("decline", 0))
    assert read_money(staff_of(Role.ANALYST), FEBRUARY).lost == 0
    assert read_money(manager, date(2020, 1, 1)) == Money(date(2020, 1, 1))


def test_no_book_has_figures_of_acquisition_and_no_team_a_rank():
    for kpi in KPIS:
        assert (kpi.group == "acquisition") <= (not kpi.has("staff") and not kpi.has("team"))
    assert not BY_CODE["top_1_share"].has("team")
    assert BY_CODE["trading_frequency"].formula == (
        "Buys and redemptions in the period ÷ (Clients × days in the period ÷ 30)"
    )
