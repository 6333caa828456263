"""Tiers by points: what was earned within the period counts, never the balance."""

from __future__ import annotations

from datetime import date

import pytest

from members.loyalty.models import PointsEntry, TierStanding
from members.loyalty.points.ledger.claw_back import claw_back
from members.loyalty.points.ledger.earn import Earning, earn
from members.loyalty.points.ledger.redeem import redeem
from tests.members.loyalty.tiers.worlds import changes, instant, kept, person, policy, programme

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)
THRESHOLDS = {1: {"points": 100}, 2: {"points": 500}, 3: {"points": 2000}}


def earned(made, member, key, points, day):
    earn(made.pk, Earning(member.pk, key, points, instant(day)), now=instant(day))


@pytest.fixture
def world():
    made = programme()
    policy(made, START, THRESHOLDS, metric="points", review="daily", window_days=30)
    member = person(START)
    kept(START)
    earned(made, member, "a", 300, date(2026, 1, 5))
    earned(made, member, "b", 300, date(2026, 1, 20))
    kept(date(2026, 1, 21))
    return made, member


def test_points_count_from_the_next_day_on_until_their_period_is_over(world):
    made, member = world
    assert TierStanding.objects.get().due_on == date(2026, 1, 29)  # announced a week before the first fall
    kept(date(2026, 3, 1))
    assert changes(member) == [
        (START, None, 0, "entered"),
        (date(2026, 1, 6), 0, 1, "reached"),
        (date(2026, 1, 21), 1, 2, "reached"),
        (date(2026, 2, 5), 2, 1, "not_kept"),
        (date(2026, 2, 20), 1, 0, "not_kept"),
    ]


def test_who_spends_points_keeps_the_tier(world):
    """Not the balance counts, or the best customers would lose their tier by using what they were given."""
    made, member = world
    redeem(made.pk, member.pk, 600, key="spent", now=instant(date(2026, 1, 22)))
    kept(date(2026, 1, 23))
    assert TierStanding.objects.get().tier.rank == 2


def test_points_taken_back_do_not_count(world):
    made, member = world
    sold = PointsEntry.objects.get(member=member, key="b")
    claw_back(made.pk, member.pk, sold.id, key="returned", now=instant(date(2026, 1, 22)))
    kept(date(2026, 1, 23))
    assert changes(member)[-1] == (date(2026, 1, 23), 2, 1, "not_kept")
