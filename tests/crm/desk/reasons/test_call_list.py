"""Whom to call, in which order, and why."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.desk.reasons import registry
from crm.desk.reasons.call_list import read_call_list
from crm.runtime.clock import day_of
from crm.staff.models import Role, Team
from members.lifecycle.models import Policy, Standing, Warning
from members.portfolio.models import Category, Product, SavingPlan, Transaction
from members.profiles.models import Complaint, Member
from tests.crm.cast import NOW, member, staff_of

pytestmark = pytest.mark.usefixtures("world")
TODAY = day_of(NOW)


@pytest.fixture(autouse=True)
def _policy(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})


@pytest.fixture
def manager():
    return staff_of(Role.RELATIONSHIP_MANAGER)


def warn(row: Member, kind: str, days: float, **evidence) -> None:
    raised = NOW - timedelta(days=days)
    given = evidence or {"idle_days": 31, "active_on": "2026-02-13"}
    Warning.objects.create(
        member=row, kind=kind, raised_at=raised, recorded_at=NOW, policy_version=1, evidence=given
    )


def assess(row: Member, ends: date) -> None:
    day = ends.replace(year=ends.year - 1)
    Member.objects.filter(pk=row.pk).update(risk_class="C3", risk_assessed_on=day)


def called(staff) -> list[int]:
    return [call.member_id for call in read_call_list(staff, NOW).calls]


def test_the_most_value_at_stake_times_urgency_comes_first(manager):
    idle, fell, signalled = (member(manager=manager, aum=Decimal(aum)) for aum in (900, 500, 440))
    warn(idle, "idle", 5)  # 900 × 50 % = 450
    warn(fell, "aum_fall", 5, peak_aum="800", aum="500", window_days=90)  # 500 × 80 % = 400
    warn(signalled, "signal", 5, complaint_at=NOW.isoformat())  # 440 × 100 % = 440
    found = read_call_list(manager, NOW)
    assert [call.member_id for call in found.calls] == [idle.pk, signalled.pk, fell.pk]
    assert [call.first.rank for call in found.calls] == [Decimal(450), Decimal(440), Decimal(400)]
    assert (found.total, found.new) == (3, 0)


def test_what_left_is_at_stake_where_it_is_more_than_what_is_left(manager):
    row = member(manager=manager, aum=Decimal(100))
    warn(row, "aum_fall", 5, peak_aum="900", aum="120", window_days=90)
    (call,) = read_call_list(manager, NOW).calls
    assert call.first.stake == Decimal(800)


def test_new_since_yesterday_comes_before_more_value_unless_it_is_not_urgent(manager):
    old, new, lapsed = (member(manager=manager, aum=Decimal(aum)) for aum in (900_000, 10, 10_000))
    warn(old, "idle", 5), warn(new, "idle", 1)
    assess(lapsed, TODAY)
    found = read_call_list(manager, NOW)
    assert [(call.member_id, call.is_new) for call in found.calls] == [
        (new.pk, True), (old.pk, False), (lapsed.pk, False)
    ]  # fmt: skip
    assert found.new == 1


def test_a_member_is_called_once_for_all_reasons_the_weightiest_first(manager):
    row = member(manager=manager, aum=Decimal(1000))
    warn(row, "idle", 5), warn(row, "signal", 3, complaint_at="2026-03-13T02:00:00+00:00")
    assess(row, TODAY - timedelta(days=3))
    (call,) = read_call_list(manager, NOW).calls
    words = [registry.sources()[one.source].words(one, manager, NOW) for one in call.reasons]
    assert words == [
        "Filed a complaint on 13 Mar 2026",
        "No login or trade for 31 days, since 13 Feb 2026",
        "Risk assessment (C3) expired on 13 Mar 2026: no product may be offered",
    ]


@pytest.mark.parametrize(
    ("days", "listed", "called_for"),
    [(-90, False, False), (-89, True, True), (0, True, True), (7, True, True), (8, True, False),
     (30, True, False), (31, False, False)],
)  # fmt: skip
def test_an_assessment_is_listed_for_a_month_and_called_for_in_its_last_week(
    manager, days, listed, called_for
):
    row = member(manager=manager)
    assess(row, TODAY + timedelta(days=days))
    found = read_call_list(manager, NOW)
    assert bool(found.of_source("assessment")) == listed
    assert bool(found.calls) == called_for


def test_nobody_is_called_for_what_ended_or_was_overturned_or_is_of_others(manager):
    mine, other = member(manager=manager), member(manager=staff_of(Role.RELATIONSHIP_MANAGER))
    warn(mine, "idle", 9), warn(mine, "signal", 8, complaint_at=NOW.isoformat()), warn(other, "idle", 1)
    Warning.objects.filter(member=mine, kind="idle").update(ended_at=NOW - timedelta(days=1))
    Warning.objects.filter(member=mine, kind="signal").update(superseded_at=NOW)
    found = read_call_list(manager, NOW)
    assert (list(found.calls), found.total, found.by_source) == ([], 0, {})


def test_a_lead_reads_the_calls_of_the_team():
    team = Team.objects.create(name="一部")
    lead = staff_of(Role.TEAM_LEAD, team)
    ours = member(manager=staff_of(Role.RELATIONSHIP_MANAGER, team))
    warn(ours, "idle", 1), warn(member(manager=staff_of(Role.RELATIONSHIP_MANAGER)), "idle", 1)
    assert called(lead) == [ours.pk]


def test_all_sources_are_one_query_however_many_members(manager, django_assert_num_queries):
    for _ in range(70):
        row = member(manager=manager)
        warn(row, "idle", 5), assess(row, TODAY)
    with django_assert_num_queries(1):
        found = read_call_list(manager, NOW)
    assert (len(found.calls), found.total, len(found.of_source("assessment"))) == (60, 70, 70)


def buy(row: Member, product: Product, amount: str, matures: date | None, kind: str = "buy") -> None:
    Transaction.objects.create(
        member=row,
        id=f"t{Transaction.objects.count()}",
        at=NOW - timedelta(days=90),
        kind=kind,
        amount=Decimal(amount),
        product=product,
        matures_on=matures,
    )


@pytest.fixture
def product() -> Product:
    category = Category.objects.create(code="fixed", name="Fixed")
    return Product.objects.create(code="P1", name="稳健", name_en="Steady", category=category, risk="R2")


@pytest.mark.parametrize(
    ("days", "urgency", "words"),
    [(-1, None, ""), (0, "0.9", "Steady: ¥900 matures today"),
     (7, "0.9", "Steady: ¥900 matures in 7 days, on 23 Mar 2026"),
     (8, "0.3", "Steady: ¥900 matures in 8 days, on 24 Mar 2026"),
     (30, "0.3", "Steady: ¥900 matures in 30 days, on 15 Apr 2026"), (31, None, "")],
)  # fmt: skip
def test_a_product_that_matures_within_a_month_calls_for_a_talk(manager, product, days, urgency, words):
    buy(member(manager=manager), product, "900", TODAY + timedelta(days=days))
    found = read_call_list(manager, NOW).of_source("maturity")
    assert [one.urgency for one in found] == ([Decimal(urgency)] if urgency else [])
    assert [registry.sources()["maturity"].words(one, manager, NOW) for one in found] == (
        [words] if words else []
    )


def test_what_matures_is_what_the_portfolio_says_is_still_held(manager, product):
    other = Product.objects.create(code="P2", name="P2", category=product.category, risk="R2")
    kept, part, gone = (member(manager=manager) for _ in range(3))
    soon, later = TODAY + timedelta(days=3), TODAY + timedelta(days=20)
    buy(kept, product, "500", soon), buy(kept, other, "70", later)
    buy(part, product, "500", later), buy(part, product, "200", None, "redemption")
    buy(gone, product, "500", soon), buy(gone, product, "500", None, "payout")
    found = read_call_list(manager, NOW).of_source("maturity")
    held = Transaction.objects.visible_to(manager).maturing(TODAY, TODAY + timedelta(days=30))
    assert [(one.member_id, one.due, one.stake) for one in found] == [
        (kept.pk, soon, Decimal(500)), (part.pk, later, Decimal(300)), (kept.pk, later, Decimal(70))
    ]  # fmt: skip
    assert {(one.member_id, one.due, one.stake) for one in found} == {
        (one.member_id, one.matures_on, one.held) for one in held
    }


def complain(row: Member, days: float, **given) -> None:
    at = NOW - timedelta(days=days)
    Complaint.objects.create(member=row, id=f"c{Complaint.objects.count()}", received_at=at, **given)


def test_an_open_complaint_is_a_reason_until_it_is_closed(manager):
    row, answered, closed = (member(manager=manager, aum=Decimal(100)) for _ in range(3))
    complain(row, 4.2, words="到账太慢")
    complain(answered, 3, answered_at=NOW, answer="已解释")
    complain(closed, 3, closed_at=NOW - timedelta(days=1), resolution="已处理")
    complain(closed, -1)
    calls = read_call_list(manager, NOW).calls
    assert [(call.member_id, call.first.urgency) for call in calls] == [
        (row.pk, Decimal("1.0")), (answered.pk, Decimal("0.6"))
    ]  # fmt: skip
    said = registry.sources()["complaint"].words
    assert [said(call.first, manager, NOW) for call in calls] == [
        "Complaint open for 4 days, not answered: “到账太慢”",
        "Complaint open for 3 days, answered, not closed",
    ]
    assert "到账" not in said(calls[0].first, staff_of(Role.OPERATIONS), NOW)


def test_a_complaint_and_the_warning_that_it_raises_are_one_reason(manager):
    row, leaving = member(manager=manager), member(manager=manager)
    complain(row, 2), complain(leaving, 2)
    warn(row, "signal", 2, complaint_at=NOW.isoformat(), closing_at=None)
    warn(leaving, "signal", 2, complaint_at=NOW.isoformat(), closing_at=NOW.isoformat())
    calls = {call.member_id: call for call in read_call_list(manager, NOW).calls}
    assert [one.source for one in calls[row.pk].reasons] == ["complaint"]
    assert [one.source for one in calls[leaving.pk].reasons] == ["complaint", "warning"]


def pay(row: Member, product: Product | None, amount: int, days: int, kind: str = "payout") -> None:
    at = NOW - timedelta(days=days)
    number = Transaction.objects.count()
    Transaction.objects.create(
        member=row, id=f"p{number}", at=at, kind=kind, amount=Decimal(amount), product=product
    )
    Standing.objects.filter(member=row).update(last_trade_at=at)


@pytest.mark.parametrize(
    ("days", "urgency", "words"),
    [
        (
            0,
            "0.6",
            "Steady: ¥900 paid out on 16 Mar 2026, not reinvested; counts as held through 30 Mar 2026",
        ),
        (
            14,
            "0.6",
            "Steady: ¥900 paid out on 2 Mar 2026, not reinvested; counts as held through 16 Mar 2026",
        ),
        (15, "0.3", "Steady: ¥900 paid out on 1 Mar 2026, not reinvested"),
        (30, "0.3", "Steady: ¥900 paid out on 14 Feb 2026, not reinvested"),
        (31, None, ""),
    ],
)
def test_money_paid_out_calls_for_a_talk_until_it_is_gone_for_a_month(manager, product, days, urgency, words):
    pay(member(manager=manager), product, 900, days)
    found = read_call_list(manager, NOW).of_source("payout")
    assert [one.urgency for one in found] == ([Decimal(urgency)] if urgency else [])
    assert [registry.sources()["payout"].words(one, manager, NOW) for one in found] == (
        [words] if words else []
    )


def test_what_was_bought_again_is_not_at_stake(manager, product):
    back, part, before = (member(manager=manager) for _ in range(3))
    pay(back, product, 500, 9), pay(back, product, 500, 3, "buy")
    pay(part, product, 500, 9), pay(part, None, 300, 8), pay(part, product, 600, 3, "buy")
    (
        pay(before, product, 500, 20, "buy"),
        pay(before, product, 500, 9),
        pay(before, product, 50, 2, "redemption"),
    )
    found = read_call_list(manager, NOW).of_source("payout")
    assert {(one.member_id, one.stake) for one in found} == {
        (part.pk, Decimal(200)),
        (before.pk, Decimal(500)),
    }


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_missed_debits_are_those_that_the_portfolio_says(manager, product, every):
    other = Product.objects.create(code="P2", name="P2", category=product.category, risk="R2")
    for number in range(24):
        row, days = member(manager=manager), number * 2 if every == "month" else number // 2
        SavingPlan.objects.create(
            member=row,
            id="s",
            amount=Decimal(100),
            every=every,
            product=None if number % 3 == 0 else product,
            started_on=TODAY - timedelta(days=days + number % 2 * 10),
            ended_on=TODAY if number % 8 == 7 else None,
        )
        if number % 2:
            pay(row, other if number % 5 == 0 else product, 100, days, "buy")
    found = read_call_list(manager, NOW).of_source("missed_plan")
    missed = SavingPlan.objects.missed(TODAY)
    assert {one.member_id for one in found} == {plan.member_id for plan in missed} != set()


def test_a_missed_debit_says_what_was_due_when_and_weighs_a_year(manager, product):
    row = member(manager=manager)
    pay(row, product, 100, 40, "buy")
    SavingPlan.objects.create(
        member=row, id="s", amount=Decimal(100), every="week", product=product, started_on=date(2025, 1, 1)
    )
    (reason,) = read_call_list(manager, NOW).of_source("missed_plan")
    assert (reason.stake, reason.due) == (Decimal("5214.29"), TODAY - timedelta(days=33))
    said = registry.sources()["missed_plan"].words(reason, manager, NOW)
    assert said == "Steady: savings plan debit of ¥100 missed, due 11 Feb 2026"
