"""Earn rules at work: what facts bring, what their correction takes back, caps, budgets, expiry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from crm.runtime.models import Change
from crm.staff.models import Role
from members.loyalty.models import (
    EarnRule,
    EarnTally,
    PointsEntry,
    PointsLot,
    Programme,
    Tier,
    TierChange,
)
from members.loyalty.points.configuration import budget, earn_rules
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft
from members.loyalty.points.earning.drain import drain, has_pending
from members.loyalty.points.ledger.balance import Balance, get_balance
from members.loyalty.points.ledger.redeem import redeem
from members.portfolio.models import Transaction
from members.profiles.models import Event
from tests.crm.cast import NOW, member, staff_of
from tests.members.loyalty.points.worlds import approved, programme

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BUYS = [{"property": "kind", "op": "=", "value": "buy"}]


def rule(
    of: Programme, code: str = "buys", *, start: datetime = NOW, now: datetime = NOW, **values: Any
) -> EarnRule:
    """A rule in force from `start` on: by default a point for each 100 bought."""
    said: dict[str, Any] = {
        "activity": "transaction", "where": BUYS, "points": 1, "per": "amount", "unit": "100",
        "expiry": "never",
    }  # fmt: skip
    asked = earn_rules.propose(
        of,
        code,
        EarnRuleDraft(**said | values),
        name="买入积分",
        effective_from=start,
        reason="launch",
        maker=staff_of(Role.OPERATIONS),
        now=now,
    )
    approved(asked, now)
    return EarnRule.objects.get(programme=of, code=code)


def buy(who, id: str, amount: Any, at: datetime = NOW + DAY, kind: str = "buy") -> None:
    Transaction.objects.create(member=who, id=id, at=at, kind=kind, amount=Decimal(amount))


def of(who, kind: str = "earn") -> list[int]:
    rows = PointsEntry.objects.filter(member=who, kind=kind).order_by("at", "id")
    return list(rows.values_list("points", flat=True))


def test_buys_earn_and_other_transactions_do_not():
    points, who = programme(), member()
    rule(points)
    buy(who, "a", "1250.50")
    buy(who, "b", 99)  # less than a unit
    buy(who, "c", 5000, kind="redemption")
    buy(who, "d", 5000, at=NOW - DAY)  # before the rule
    done = drain(now=NOW + 2 * DAY)
    assert (done.members, done.added, done.points) == (1, 1, 12)
    entry = PointsEntry.objects.get(member=who)
    assert (entry.points, entry.at, entry.source_row) == (12, NOW + DAY, "transaction:a")
    assert not has_pending(now=NOW + 2 * DAY)


def test_a_second_look_adds_nothing():
    points, who = programme(), member()
    rule(points)
    buy(who, "a", 1000)
    drain(now=NOW + 2 * DAY)
    buy(who, "b", 1, at=NOW)  # has everything since then looked at again
    assert drain(now=NOW + 2 * DAY).added == 0
    assert of(who) == [10]


def test_a_corrected_or_deleted_fact_is_taken_back_and_earned_anew():
    points, who = programme(), member()
    rule(points)
    buy(who, "a", 1000)
    drain(now=NOW + 2 * DAY)
    redeem(points.pk, who.pk, 10, key="gift", now=NOW + 2 * DAY)
    row = Transaction.objects.filter(member=who, id="a")
    row.update(amount=Decimal(3000))
    drain(now=NOW + 3 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(20)
    row.update(amount=Decimal(1000), at=NOW + 5 * DAY)  # to come
    drain(now=NOW + 3 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0, debt=10)
    drain(now=NOW + 5 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0)
    row.delete()
    drain(now=NOW + 6 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0, debt=10)
    buy(who, "a", 1000)
    drain(now=NOW + 6 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0)
    assert of(who) == [10, 30, 10, 10]
    assert EarnTally.objects.get().granted == 10


def test_caps_hold_per_platform_day_and_month():
    points, who, other = programme(), member(), member()
    rule(points, cap_day=10, cap_month=25)
    night = datetime(2026, 3, 17, 15, 59, tzinfo=UTC)  # one minute before midnight in Shanghai
    buy(who, "a", 800, night)
    buy(who, "b", 800, night + timedelta(seconds=30))
    buy(who, "c", 800, night + timedelta(minutes=2))
    drain(now=night + DAY)
    assert of(who) == [8, 2, 8]
    buy(who, "d", 900, night + 2 * DAY)
    buy(other, "d", 900, night + 2 * DAY)
    buy(who, "e", 900, datetime(2026, 4, 1, tzinfo=UTC))
    drain(now=night + 20 * DAY)
    assert of(who) == [8, 2, 8, 7, 9]
    assert of(other) == [9]


def test_a_rule_whose_budget_is_spent_stops_and_says_so():
    points, who = programme(), member()
    found = rule(points, budget=25)
    for number in range(4):
        buy(who, str(number), 1000, NOW + DAY + timedelta(hours=number))
    assert drain(now=NOW + 2 * DAY).withheld == 20
    assert of(who) == [10, 10]
    tally = EarnTally.objects.get(rule=found)
    assert (tally.granted, tally.skipped, tally.stopped_at) == (20, 20, NOW + 2 * DAY)
    assert Change.objects.filter(kind="points.budget_spent").count() == 1
    buy(who, "small", 100, NOW + 2 * DAY)
    drain(now=NOW + 2 * DAY)
    assert of(who) == [10, 10]  # it has stopped
    rule(points, budget=100, start=NOW + 3 * DAY, now=NOW + 2 * DAY)
    buy(who, "more", 1000, NOW + 4 * DAY)
    drain(now=NOW + 5 * DAY)
    assert of(who) == [10, 10, 10]
    assert EarnTally.objects.get(rule=found).stopped_at is None


def test_the_budget_of_the_programme_stops_all_its_rules():
    points, who = programme(), member()
    rule(points, "one")
    rule(points, "two", points=2)
    maker = staff_of(Role.OPERATIONS)
    approved(budget.propose(points, 25, effective_from=NOW, reason="pilot", maker=maker, now=NOW))
    buy(who, "a", 1000)
    drain(now=NOW + 2 * DAY)
    assert of(who) == [10]


def test_points_wait_and_lapse_as_the_rule_says():
    points, who = programme(), member()
    rule(points, "rolling", expiry="rolling", expiry_months=1, pending_days=3)
    rule(points, "year", expiry="year_end", grace_days=31)
    start = datetime(2027, 1, 28, 3, tzinfo=UTC)
    buy(who, "a", 1000, start)
    drain(now=start)
    lots = PointsLot.objects.filter(member=who).order_by("expires_at")
    assert list(lots.values_list("available_from", "expires_at", "pending")) == [
        (start + 3 * DAY, datetime(2027, 2, 28, 16, tzinfo=UTC), True),  # 31 January and a month
        (start, datetime(2028, 1, 31, 16, tzinfo=UTC), False),
    ]


def test_a_rule_for_some_members_and_one_that_ends():
    points, who, other = programme(), member(), member(stage="maturity")
    rule(points, points=7, per="", unit=None, member_rule={"field": "stage", "op": "=", "value": "maturity"})
    buy(who, "a", 1)
    buy(other, "a", 1)
    rule(points, points=7, per="", unit=None, is_active=False, start=NOW + 2 * DAY)
    buy(other, "b", 1, NOW + 3 * DAY)
    drain(now=NOW + 4 * DAY)
    assert (of(who), of(other)) == ([], [7])


def test_the_tier_at_the_instant_of_the_fact_multiplies():
    points, who, other = programme(), member(), member()
    for rank, code in enumerate(("basic", "gold")):
        Tier.objects.create(programme=points, rank=rank, code=code, name=code)
    gold = Tier.objects.get(programme=points, code="gold")
    TierChange.objects.create(
        member=who, programme=points, to_tier=gold, effective_at=NOW + 2 * DAY, recorded_at=NOW,
        reason="reached", policy_version=1, inputs={},
    )  # fmt: skip
    rule(points, multipliers={"gold": "1.5"})
    for row in (who, other):
        buy(row, "before", 1000, NOW + DAY)
        buy(row, "after", 1030, NOW + 3 * DAY)
    drain(now=NOW + 4 * DAY)
    assert (of(who), of(other)) == ([10, 15], [10, 10])
    with connection.cursor() as cursor:  # what is written out says what the function says
        cursor.execute("SELECT loyalty_tier_at(%s, %s, %s)", [who.pk, points.pk, NOW + 3 * DAY])
        assert cursor.fetchone()[0] == gold.pk


def test_a_tier_recorded_late_counts_for_facts_that_are_corrected_only():
    points, who = programme(), member()
    for rank, code in enumerate(("basic", "gold")):
        Tier.objects.create(programme=points, rank=rank, code=code, name=code)
    rule(points, multipliers={"gold": "1.5"})
    buy(who, "a", 1000)
    buy(who, "b", 2000)
    drain(now=NOW + 2 * DAY)
    TierChange.objects.create(
        member=who, programme=points, to_tier=Tier.objects.get(programme=points, code="gold"),
        effective_at=NOW, recorded_at=NOW + 3 * DAY, reason="reached", policy_version=1, inputs={},
    )  # fmt: skip
    Transaction.objects.filter(member=who, id="a").update(import_id=7)  # looked at again, and the same
    Transaction.objects.filter(member=who, id="b").update(amount=2500)
    done = drain(now=NOW + 4 * DAY)
    assert (done.taken, of(who)) == (1, [10, 20, 37])


def test_what_an_earlier_version_earned_by_another_activity_stays():
    points, who = programme(), member()
    rule(points, start=NOW)
    buy(who, "a", 1000, NOW + DAY)
    drain(now=NOW + 2 * DAY)
    rule(points, activity="login", where=[], per="", unit=None, points=3, start=NOW + 3 * DAY)
    Event.objects.create(member=who, id="early", at=NOW, name="login")
    Event.objects.create(member=who, id="late", at=NOW + 4 * DAY, name="login")
    done = drain(now=NOW + 5 * DAY)
    assert (done.taken, of(who)) == (0, [10, 3])


def test_an_amount_beyond_all_reason_stops_nobody():
    points, who, other = programme(), member(), member()
    rule(points, points=10**9, unit="0.01")
    buy(who, "a", "90000000000000")
    buy(other, "b", "0.01")
    drain(now=NOW + 2 * DAY)
    assert (of(who), of(other)) == ([10**12], [10**9])
