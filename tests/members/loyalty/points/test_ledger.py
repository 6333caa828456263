"""What the ledger does with one member's points, posting by posting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.loyalty.models import LotUse, PointsEntry, PointsLot
from members.loyalty.points.ledger.balance import Balance, balance_as_of, get_balance
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.earn import Earning, earn, earn_many
from members.loyalty.points.ledger.redeem import cancel_redemption, redeem
from members.loyalty.points.ledger.refusals import PointsRefused, Refusal
from members.loyalty.points.ledger.settle import settle
from members.loyalty.points.sentences.entries import shown_entries
from tests.crm.cast import NOW, member
from tests.members.loyalty.points.worlds import entry_of, give, programme

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kinds(who) -> list[tuple[str, int, int]]:
    rows = PointsEntry.objects.filter(member=who).order_by("id")
    return list(rows.values_list("kind", "points", "debt"))


def test_points_are_used_in_the_order_in_which_they_lapse():
    points, who = programme(), member()
    late = give(points, who.pk, 100, days=60)
    soon = give(points, who.pk, 50, days=10)
    spent = redeem(points.pk, who.pk, 70, key="a", now=NOW)
    uses = LotUse.objects.filter(member=who, entry_id=spent.entry)
    assert set(uses.values_list("lot_id", "points")) == {(soon, 50), (late, 20)}
    assert get_balance(points.pk, who.pk) == Balance(80)


def test_more_than_there_is_cannot_be_spent():
    points, who = programme(), member()
    give(points, who.pk, 100)
    with pytest.raises(PointsRefused) as refused:
        redeem(points.pk, who.pk, 101, key="a", now=NOW)
    assert (refused.value.code, refused.value.params) == (Refusal.NOT_ENOUGH, {"left": "100"})
    with pytest.raises(PointsRefused):
        redeem(points.pk, member().pk, 1, key="a", now=NOW)


def test_a_key_stands_for_one_posting():
    points, who = programme(), member()
    given = Earning(who.pk, "order 7", 100, NOW)
    assert earn(points.pk, given, now=NOW)
    assert not earn(points.pk, given, now=NOW + DAY)
    with pytest.raises(PointsRefused) as refused:
        earn(points.pk, Earning(who.pk, "order 7", 101, NOW), now=NOW)
    assert refused.value.code == Refusal.KEY_REUSED
    first = redeem(points.pk, who.pk, 30, key="gift", now=NOW)
    again = redeem(points.pk, who.pk, 30, key="gift", now=NOW + DAY)
    assert (again.entry, again.repeated) == (first.entry, True)
    for other in (lambda: redeem(points.pk, who.pk, 31, key="gift", now=NOW),
                  lambda: redeem(points.pk, who.pk, 100, key="order 7", now=NOW)):  # fmt: skip
        with pytest.raises(PointsRefused):
            other()
    assert get_balance(points.pk, who.pk) == Balance(70)


def test_many_are_given_at_once_and_a_repeat_adds_nothing():
    points, people = programme(), [member() for _ in range(3)]
    given = [Earning(who.pk, f"k{n}", 10 + n, NOW) for who in people for n in range(4)]
    done = earn_many(points.pk, given, now=NOW)
    assert (done.added, done.points, done.repeated, list(done.refused)) == (12, 138, 0, [])
    more = [*given, Earning(people[0].pk, "k0", 99, NOW), Earning(people[0].pk, "new", 1, NOW)]
    done = earn_many(points.pk, more, now=NOW)
    assert (done.added, done.points, done.repeated, list(done.refused)) == (1, 1, 12, ["k0"])
    assert get_balance(points.pk, people[0].pk) == Balance(47)


def test_pending_points_cannot_be_spent_before_they_are_available():
    points, who = programme(), member()
    give(points, who.pk, 100, pending=7)
    assert get_balance(points.pk, who.pk) == Balance(0, pending=100)
    with pytest.raises(PointsRefused):
        redeem(points.pk, who.pk, 1, key="a", now=NOW + 6 * DAY)
    redeem(points.pk, who.pk, 40, key="a", now=NOW + 7 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(60)
    assert balance_as_of(points.pk, who.pk, NOW + 6 * DAY) == Balance(0, pending=100)
    assert balance_as_of(points.pk, who.pk, NOW + 8 * DAY) == Balance(60)


def test_lapsed_points_are_gone_at_the_instant_whenever_the_run_comes():
    points, who = programme(), member()
    give(points, who.pk, 100, days=10)
    redeem(points.pk, who.pk, 30, key="a", now=NOW + DAY)
    with pytest.raises(PointsRefused):  # no run has come yet
        redeem(points.pk, who.pk, 1, key="b", now=NOW + 10 * DAY)
    assert settle(points.pk, [who.pk], now=NOW + 20 * DAY) == (0, 70)
    assert settle(points.pk, [who.pk], now=NOW + 20 * DAY) == (0, 0)
    expiry = PointsEntry.objects.get(member=who, kind="expire")
    [shown] = shown_entries([expiry])
    assert shown.reason.startswith("Earned on ")
    assert (expiry.points, expiry.at, expiry.recorded_at) == (-70, NOW + 10 * DAY, NOW + 20 * DAY)
    assert balance_as_of(points.pk, who.pk, NOW + 9 * DAY) == Balance(70)
    assert balance_as_of(points.pk, who.pk, NOW + 10 * DAY) == Balance(0)


def test_what_was_spent_is_owed_and_paid_by_what_comes_next():
    points, who = programme(), member()
    earned = give(points, who.pk, 100)
    redeem(points.pk, who.pk, 80, key="a", now=NOW)
    claw_back(points.pk, who.pk, earned, key="refund", now=NOW)
    assert get_balance(points.pk, who.pk) == Balance(0, debt=80)
    give(points, who.pk, 50, pending=2)  # pays when it is available, not before
    assert get_balance(points.pk, who.pk) == Balance(0, pending=50, debt=80)
    settle(points.pk, [who.pk], now=NOW + 2 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0, debt=30)
    give(points, who.pk, 100, at=NOW + 3 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(70)
    assert kinds(who)[2:] == [
        ("clawback", -20, 80), ("earn", 50, 0), ("debt_payment", -50, -50),
        ("earn", 100, 0), ("debt_payment", -30, -30),
    ]  # fmt: skip


def test_other_points_pay_first_what_is_taken_back():
    points, who = programme(), member()
    earned = give(points, who.pk, 100, days=5)
    redeem(points.pk, who.pk, 100, key="a", now=NOW)
    give(points, who.pk, 70)
    claw_back(points.pk, who.pk, earned, key="refund", now=NOW)
    assert get_balance(points.pk, who.pk) == Balance(0, debt=30)


def test_nothing_is_taken_back_twice_and_nothing_that_lapsed():
    points, who = programme(), member()
    earned = give(points, who.pk, 100, days=10)
    redeem(points.pk, who.pk, 60, key="a", now=NOW)
    give(points, who.pk, 500)
    claw_back(points.pk, who.pk, earned, key="part", points=20, now=NOW)
    claw_back(points.pk, who.pk, earned, key="part", points=20, now=NOW)
    assert get_balance(points.pk, who.pk) == Balance(520)
    claw_back(points.pk, who.pk, earned, key="rest", now=NOW + 20 * DAY)  # 20 of it have lapsed
    assert get_balance(points.pk, who.pk) == Balance(440)
    claw_back(points.pk, who.pk, earned, key="again", now=NOW + 21 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(440)


def test_pending_points_are_taken_back_from_what_is_pending():
    points, who = programme(), member()
    give(points, who.pk, 30)
    earned = give(points, who.pk, 100, pending=7)
    claw_back(points.pk, who.pk, earned, key="refund", points=60, now=NOW + DAY)
    assert get_balance(points.pk, who.pk) == Balance(30, pending=40)
    settle(points.pk, [who.pk], now=NOW + 8 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(70)
    assert balance_as_of(points.pk, who.pk, NOW + 2 * DAY) == Balance(30, pending=40)


def test_a_cancelled_redemption_returns_points_to_their_lots():
    points, who = programme(), member()
    soon = give(points, who.pk, 50, days=10)
    give(points, who.pk, 50, days=60)
    spent = redeem(points.pk, who.pk, 70, key="a", now=NOW)
    cancel_redemption(points.pk, who.pk, spent.entry, key="back", now=NOW + DAY)
    assert cancel_redemption(points.pk, who.pk, spent.entry, key="back", now=NOW + DAY).repeated
    assert get_balance(points.pk, who.pk) == Balance(100)
    assert PointsLot.objects.get(member=who, id=soon).remaining == 50
    with pytest.raises(PointsRefused) as refused:
        cancel_redemption(points.pk, who.pk, spent.entry, key="twice", now=NOW + DAY)
    assert refused.value.code == Refusal.CANCELLED_ALREADY
    settle(points.pk, [who.pk], now=NOW + 10 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(50)


def test_points_returned_after_they_would_have_lapsed_lapse_at_once_and_pay_debts_first():
    points, who = programme(), member()
    earned = give(points, who.pk, 100, days=10)
    spent = redeem(points.pk, who.pk, 100, key="a", now=NOW)
    claw_back(points.pk, who.pk, earned, key="refund", points=30, now=NOW)
    cancel_redemption(points.pk, who.pk, spent.entry, key="back", now=NOW + 20 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0)
    assert kinds(who)[3:] == [("reverse", 100, 0), ("debt_payment", -30, -30), ("expire", -70, 0)]


def test_a_fact_that_comes_after_its_points_have_lapsed():
    points, who = programme(), member()
    give(points, who.pk, 100, at=NOW - 30 * DAY, days=10, now=NOW)
    assert get_balance(points.pk, who.pk) == Balance(0)
    assert balance_as_of(points.pk, who.pk, NOW - 25 * DAY) == Balance(100)


def test_programmes_do_not_mix():
    one, other, who = programme(), programme(), member()
    give(one, who.pk, 100, key="same")
    with pytest.raises(PointsRefused):
        redeem(other.pk, who.pk, 1, key="a", now=NOW)
    with pytest.raises(PointsRefused):
        claw_back(other.pk, who.pk, entry_of(who.pk, "same"), key="b", now=NOW)


@pytest.mark.parametrize("key", ["", "~debt:1", "x" * 201])
def test_keys_of_the_ledger_are_nobody_elses(key):
    with pytest.raises(PointsRefused) as refused:
        earn(1, Earning(1, key, 5, NOW), now=NOW)
    assert refused.value.code == Refusal.RESERVED_KEY
