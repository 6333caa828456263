"""Points of badges and quests: once, within the budget, taken back when the facts are corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.loyalty.incentives.rewards import rewards_waiting, settle_rewards
from members.loyalty.models import (
    IncentiveReward,
    IncentiveVersion,
    PointsAccount,
    PointsEntry,
    QuestProgress,
)
from members.loyalty.points.sentences.entries import shown_entries
from members.profiles.models import Event
from tests.crm.cast import NOW, member
from tests.members.loyalty.incentives.worlds import (
    approved,
    badge_draft,
    did,
    event,
    kept,
    programme,
    quest_draft,
    step,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REGISTERED = {"field": "registered_at", "op": "present"}
BOUGHT = {"did": "transaction", "where": [{"property": "kind", "op": "=", "value": "buy"}]}


def settled(now):
    kept(now)
    found = settle_rewards(now=now)
    assert not rewards_waiting()
    return found


def balance(row):
    found = PointsAccount.objects.filter(member=row, programme=programme()).first()
    return (found.balance, found.debt) if found else (0, 0)


def test_points_are_given_once_at_the_instant_of_the_badge():
    who = member()
    approved(badge_draft(did("lesson"), points=50))
    kept()
    event(who, "lesson", NOW + timedelta(hours=1))
    assert settled(NOW + DAY) == (1, 0)
    assert settled(NOW + DAY) == (0, 0)
    entry = PointsEntry.objects.get()
    assert (entry.points, entry.at) == (50, NOW + timedelta(hours=1))
    [shown] = shown_entries([entry])
    assert shown.reason == IncentiveVersion.objects.get().local_name
    assert balance(who) == (50, 0)


def test_the_points_of_a_quest_wait_for_its_rewarded_steps_only():
    who = member()
    approved(quest_draft(step(did("lesson")), step(BOUGHT, rewarded=False), rule=REGISTERED, points=30))
    settled(NOW)
    event(who, "lesson", NOW + DAY)
    assert settled(NOW + DAY) == (1, 0)
    assert balance(who) == (30, 0)
    assert QuestProgress.objects.get().completed_at is None


def test_a_spent_budget_stops_the_points_and_says_so():
    people = [member() for _ in range(3)]
    approved(badge_draft(did("lesson"), points=50, budget=120))
    kept()
    for hour, who in enumerate(people):
        event(who, "lesson", NOW + timedelta(hours=hour))
    settled(NOW + DAY)
    assert [balance(who)[0] for who in people] == [50, 50, 0]
    outcomes = dict(IncentiveReward.objects.values_list("member", "outcome"))
    assert outcomes == {people[0].pk: "paid", people[1].pk: "paid", people[2].pk: "budget_spent"}


def test_a_correction_takes_the_points_back_and_another_fact_brings_them_again():
    who = member()
    approved(badge_draft(did("lesson"), points=50))
    kept()
    event(who, "lesson", NOW + timedelta(hours=1), "wrong")
    settled(NOW + timedelta(hours=2))
    Event.objects.filter(id="wrong").delete()
    assert settled(NOW + timedelta(hours=3)) == (0, 1)
    assert balance(who) == (0, 0)
    event(who, "lesson", NOW + timedelta(hours=4))
    assert settled(NOW + timedelta(hours=5)) == (1, 0)
    assert balance(who) == (50, 0)


def test_points_of_a_corrected_step_are_taken_back():
    who = member()
    approved(quest_draft(step(did("lesson")), rule=REGISTERED, points=30))
    settled(NOW)
    event(who, "lesson", NOW + DAY, "wrong")
    settled(NOW + DAY)
    Event.objects.filter(id="wrong").delete()
    assert settled(NOW + 2 * DAY) == (0, 1)
    assert balance(who) == (0, 0)
