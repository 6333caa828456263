"""The liability from points, and the nightly proof."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from crm.runtime.models import Change
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.notices import announce_lapsing
from members.loyalty.points.ledger.redeem import redeem
from members.loyalty.points.ledger.settle import settle_due
from members.loyalty.points.reports.liability import cohorts, store_cohorts
from members.loyalty.points.reports.revenue import allocate, recognised
from members.loyalty.points.reports.verify import verify
from tests.crm.cast import NOW, member
from tests.members.loyalty.points.worlds import give, programme

DAY = timedelta(days=1)


def test_revenue_is_what_ifrs_15_example_52_prints():
    """An entity sells for CU100,000 and grants 10,000 points worth CU1 each, of which it expects 9,500."""
    goods, points = allocate(Decimal(100_000), Decimal(100_000), Decimal(9_500))
    assert (round(goods), round(points)) == (91_324, 8_676)
    first = recognised(points, 4_500, Decimal(9_500))
    assert round(first) == 4_110
    both = recognised(points, 8_500, Decimal(9_700))
    assert (round(both - first), round(points - both)) == (3_493, 1_073)


def test_never_more_is_recognised_than_was_deferred():
    assert recognised(Decimal(100), 12, Decimal(10)) == Decimal(100)
    assert recognised(Decimal(100), 0, Decimal(0)) == Decimal(100)


@pytest.mark.django_db
def test_cohorts_tell_what_became_of_the_points_of_a_month():
    points, who = programme(), member()
    give(points, who.pk, 1000, at=NOW - 60 * DAY, days=65)
    late = give(points, who.pk, 500)
    redeem(points.pk, who.pk, 700, key="a", now=NOW)
    claw_back(points.pk, who.pk, late, key="b", now=NOW, points=100)
    settle_due(now=NOW + 10 * DAY)
    assert store_cohorts(points.pk, now=NOW + 10 * DAY) == 2
    march, january = (one.row for one in cohorts(points.pk))
    assert (january.month, january.issued, january.redeemed, january.lapsed) == (
        date(2026, 1, 1),
        1000,
        700,
        300,
    )
    assert (march.issued, march.taken_back, march.outstanding) == (500, 100, 400)
    assert january.expected == Decimal("0.7")
    assert store_cohorts(points.pk, now=NOW + 10 * DAY) == 2  # again: the same rows


@pytest.mark.django_db
def test_points_that_are_about_to_lapse_are_announced_once():
    points, who = programme(), member()
    give(points, who.pk, 100, days=40)
    give(points, who.pk, 50, days=20)
    assert announce_lapsing(now=NOW) == 1
    assert announce_lapsing(now=NOW + DAY) == 0
    assert announce_lapsing(now=NOW + 11 * DAY) == 1
    said = Change.objects.filter(kind="points.expiring", member_id=who.pk).order_by("id")
    assert [(row.payload["points"], row.payload["lapses_on"]) for row in said] == [
        (50, "2026-04-04"), (100, "2026-04-24"),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE loyalty_pointsaccount SET balance = balance + 1",
        "UPDATE loyalty_pointslot SET remaining = remaining - 1",
        "UPDATE loyalty_pointslot SET points = points + 1",
        "INSERT INTO loyalty_pointsentry"
        " (member_id, programme_id, kind, points, at, counts_from, recorded_at, key)"
        " SELECT member_id, programme_id, 'earn', 1, at, at, at, 'more' FROM loyalty_pointsentry LIMIT 1",
    ],
)
def test_the_proof_finds_what_does_not_agree(fault):
    points, who, other = programme(), member(), member()
    give(points, who.pk, 100)
    redeem(points.pk, who.pk, 30, key="a", now=NOW)
    give(points, other.pk, 100, pending=3)
    found = verify()
    assert (found.accounts, found.differing) == (2, 0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE; SET LOCAL perennial.ledger = 'on'")
        cursor.execute(fault)
        cursor.execute("SET LOCAL perennial.ledger = ''; SET LOCAL ROLE perennial_app")
    assert verify().differing > 0
