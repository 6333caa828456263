"""What hurt users of other systems, each as a test that fails where the fault is made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.loyalty.models import PointsEntry
from members.loyalty.points.earning.drain import drain
from members.loyalty.points.ledger.balance import Balance, get_balance
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.earn import Earning, earn_many
from members.loyalty.points.ledger.redeem import redeem
from members.loyalty.points.ledger.refusals import PointsRefused
from members.loyalty.points.ledger.settle import settle_due
from members.portfolio.models import Transaction
from tests.crm.cast import NOW, member
from tests.members.loyalty.points.test_earning import buy, of, rule
from tests.members.loyalty.points.worlds import give, programme

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_1_points_of_whatever_source_are_deducted_when_they_are_spent():
    """erpnext#59050: the balance was checked in all, and deducted only from lots of one source, for ever."""
    points, who = programme(), member()
    rule(points)
    buy(who, "a", 1000)
    drain(now=NOW + DAY)
    give(points, who.pk, 10)
    redeem(points.pk, who.pk, 15, key="one", now=NOW + DAY)
    with pytest.raises(PointsRefused):
        redeem(points.pk, who.pk, 15, key="two", now=NOW + DAY)
    assert get_balance(points.pk, who.pk) == Balance(5)


def test_2_who_buys_earns_and_reverses_again_and_again_has_nothing():
    """odoo#257854, erpnext#32951: a refund left the points that the sale had earned."""
    points, who = programme(), member()
    rule(points)
    for number in range(3):
        buy(who, str(number), 1000)
        drain(now=NOW + 2 * DAY)
        Transaction.objects.filter(member=who, id=str(number)).delete()
        drain(now=NOW + 2 * DAY)
    assert get_balance(points.pk, who.pk) == Balance(0)


def test_3_a_retry_after_a_lost_answer_gives_once():
    """odoo#222372, odoo#270532, OCA/pos#185: a retry, or a batch sent again, counted twice."""
    points, who = programme(), member()
    batch = [Earning(who.pk, f"order {number}", 10, NOW) for number in range(5)]
    earn_many(points.pk, batch[:3], now=NOW)
    earn_many(points.pk, batch, now=NOW + DAY)
    earn_many(points.pk, [*batch, *batch], now=NOW + DAY)
    assert get_balance(points.pk, who.pk) == Balance(50)


def test_4_a_fact_that_is_touched_again_earns_once_and_leaves_others_alone():
    """odoo#214137, odoo#202101, odoo#193506: paying an order later, or validating another, awarded again."""
    points, who = programme(), member()
    rule(points)
    buy(who, "a", 1000)
    buy(who, "b", 2000)
    drain(now=NOW + 2 * DAY)
    Transaction.objects.filter(member=who, id="a").update(import_id=7, plan_debit=True)
    Transaction.objects.filter(member=who, id="b").update(amount=2500)
    drain(now=NOW + 2 * DAY)
    assert of(who) == [10, 20, 25]
    assert PointsEntry.objects.filter(member=who, kind="clawback").count() == 1
    assert get_balance(points.pk, who.pk) == Balance(35)


def test_5_two_that_were_checked_before_either_was_deducted():
    """odoo#249775: two quotes confirmed together drove a card to −100. At once: test_races."""
    points, who = programme(), member()
    give(points, who.pk, 100)
    assert get_balance(points.pk, who.pk).points >= 100  # both looked
    redeem(points.pk, who.pk, 100, key="one", now=NOW)
    with pytest.raises(PointsRefused):
        redeem(points.pk, who.pk, 100, key="two", now=NOW)
    assert get_balance(points.pk, who.pk) == Balance(0)


def test_6_an_expiry_date_has_an_effect():
    """odoo#171453, odoo#206048: the field existed, and did nothing."""
    points, who = programme(), member()
    give(points, who.pk, 100, days=30)
    assert settle_due(now=NOW + 30 * DAY - timedelta(microseconds=1)).lapsed == 0
    assert settle_due(now=NOW + 30 * DAY).lapsed == 100
    assert get_balance(points.pk, who.pk) == Balance(0)


def test_7_a_refund_deducts_once():
    """odoo#212922: a refund deducted points a second time."""
    points, who = programme(), member()
    earned = give(points, who.pk, 100)
    give(points, who.pk, 100)
    claw_back(points.pk, who.pk, earned, key="refund", now=NOW)
    claw_back(points.pk, who.pk, earned, key="refund", now=NOW)
    claw_back(points.pk, who.pk, earned, key="refund of the same", now=NOW)
    assert get_balance(points.pk, who.pk) == Balance(100)
