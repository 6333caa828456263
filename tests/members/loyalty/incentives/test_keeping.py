"""Badges and quests follow the facts: when they are awarded, how often, what a correction does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from crm.runtime import clock
from crm.runtime.models import Change
from members.lifecycle.models import Standing
from members.loyalty.incentives.keeping.keep import keep
from members.loyalty.incentives.keeping.verify import verify, verify_nightly
from members.loyalty.models import BadgeAward, IncentiveDirty, QuestProgress, RuleMatch, StepDone
from members.portfolio.models import Valuation
from members.profiles.models import Event, Member
from tests.crm.cast import NOW, member
from tests.members.loyalty.incentives.worlds import (
    approved,
    awards,
    badge_draft,
    did,
    event,
    kept,
    quest_draft,
    quest_of,
    step,
    steps_of,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
REGISTERED = {"field": "registered_at", "op": "present"}


def with_assets(amount: int, day: datetime = NOW) -> Member:
    """A member whose assets of a day are known."""
    row = member(aum=amount)
    Valuation.objects.create(member=row, date=clock.day_of(day), aum=amount)
    return row


def loses_assets(row: Member, day: datetime) -> None:
    Valuation.objects.create(member=row, date=clock.day_of(day), aum=1)
    Standing.objects.filter(member=row).update(aum=1)


def same_as_full(now: datetime) -> None:
    assert verify(now=now)[1] == []


def test_a_badge_is_awarded_at_the_instant_of_the_fact_and_once():
    who, other = member(), member()
    approved(badge_draft(did("lesson")))
    kept()
    assert awards(who) == []
    event(who, "lesson", NOW + timedelta(hours=1))
    event(other, "something", NOW + timedelta(hours=1))
    kept(NOW + timedelta(hours=3))
    event(who, "lesson", NOW + timedelta(hours=4))
    kept(NOW + timedelta(hours=5))
    assert awards(who) == [("", NOW + timedelta(hours=1))]
    assert awards(other) == []
    change = Change.objects.get(kind="badge.awarded")
    assert (change.member_id, change.at) == (who.pk, NOW + timedelta(hours=1))
    assert change.payload == {"badge": "badge", "period": ""}
    same_as_full(NOW + timedelta(hours=5))


def test_whoever_matches_when_a_version_takes_effect_has_the_badge_from_then_on():
    who = member(aum=5000)
    approved(badge_draft(), later=2)
    kept()
    assert awards(who) == []
    starts = NOW + 2 * DAY
    kept(starts)
    assert awards(who) == [("", starts)]
    assert BadgeAward.objects.get().brought_by == "version"


def test_a_monthly_badge_is_awarded_in_each_month_in_which_it_is_earned():
    who = with_assets(5000)
    approved(badge_draft(period="month"))
    kept()
    kept(NOW + DAY)
    april, may = (datetime(2026, month, day, 16, tzinfo=UTC) for month, day in ((3, 31), (4, 30)))
    kept(april - timedelta(seconds=1))
    assert awards(who) == [("2026-03", NOW)]
    kept(may + DAY)  # the run is late: April's comes from 1 April on, May's from 1 May
    assert awards(who) == [("2026-03", NOW), ("2026-04", april), ("2026-05", may)]
    loses_assets(who, may + 2 * DAY)
    kept(may + 2 * DAY)
    kept(may + 60 * DAY)
    assert len(awards(who)) == 3
    same_as_full(may + 60 * DAY)


@pytest.mark.parametrize(("period", "name"), [("quarter", "2026-Q1"), ("year", "2026")])
def test_quarters_and_years(period, name):
    who = member(aum=5000)
    approved(badge_draft(period=period))
    kept()
    assert awards(who) == [(name, NOW)]


def test_time_alone_brings_a_badge_at_its_due_instant():
    who = member()
    event(who, "lesson", NOW)
    approved(badge_draft({"did": "event", "last": {"op": "more_than_ago", "value": {"days": 3}}}))
    kept()
    kept(NOW + 10 * DAY)
    assert awards(who) == [("", datetime(2026, 3, 19, 16, tzinfo=UTC))]
    assert BadgeAward.objects.get().brought_by == "time"


def test_whoever_ceases_to_match_keeps_the_badge():
    who = with_assets(5000)
    approved(badge_draft())
    kept()
    loses_assets(who, NOW + DAY)
    kept(NOW + DAY)
    assert awards(who) == [("", NOW)]
    assert not RuleMatch.objects.exists()


def test_a_correction_of_the_facts_supersedes_with_a_reason():
    who = member()
    approved(badge_draft(did("lesson")))
    kept()
    event(who, "lesson", NOW + timedelta(hours=1), "wrong")
    kept(NOW + timedelta(hours=2))
    Event.objects.filter(id="wrong").delete()
    kept(NOW + timedelta(hours=3))
    award = BadgeAward.objects.get()
    assert (award.superseded_at, award.reason) == (NOW + timedelta(hours=3), "corrected")
    assert Change.objects.filter(kind="badge.superseded").count() == 1
    event(who, "lesson", NOW + timedelta(hours=4))
    kept(NOW + timedelta(hours=5))
    assert awards(who) == [("", NOW + timedelta(hours=4))]


def test_a_later_fact_is_no_correction():
    """Two lessons within ten days: that the days pass takes nothing away, whatever else happens."""
    who = member()
    rule = did("lesson", times={"op": ">=", "value": 2}, period={"within_last": {"days": 10}})
    approved(badge_draft(rule))
    kept()
    event(who, "lesson", NOW + DAY)
    event(who, "lesson", NOW + 2 * DAY)
    kept(NOW + 2 * DAY)
    event(who, "other", NOW + 40 * DAY)
    kept(NOW + 40 * DAY)
    assert awards(who) == [("", NOW + 2 * DAY)]


def test_a_quest_in_any_order_is_completed_with_its_last_step():
    who = member(registered_at=NOW + timedelta(hours=1))
    approved(quest_draft(step(did("card")), step(did("lesson")), rule=REGISTERED, limit_days=30))
    kept()
    kept(NOW + 2 * DAY)
    quest = quest_of(who)
    assert quest and quest.started_at == NOW + timedelta(hours=1)
    event(who, "lesson", NOW + 2 * DAY)
    kept(NOW + 3 * DAY)
    assert steps_of(who) == {2: NOW + 2 * DAY}
    event(who, "card", NOW + 4 * DAY)
    kept(NOW + 5 * DAY)
    assert steps_of(who) == {1: NOW + 4 * DAY, 2: NOW + 2 * DAY}
    assert quest_of(who).completed_at == NOW + 4 * DAY
    assert [c.payload for c in Change.objects.filter(kind="quest.completed")] == [{"quest": "quest"}]
    same_as_full(NOW + 5 * DAY)


def test_what_was_done_before_counts_when_the_quest_starts():
    who = member()
    event(who, "card", NOW - DAY)
    approved(quest_draft(step(did("card")), rule=REGISTERED))
    kept()
    assert steps_of(who) == {1: NOW}
    assert quest_of(who).completed_at == NOW


def test_in_a_fixed_order_a_step_waits_for_those_before_it():
    who = member()
    steps = [step(did(name)) for name in ("one", "two", "three")]
    approved(quest_draft(*steps, rule=REGISTERED, step_order="fixed"))
    kept()
    event(who, "two", NOW + DAY)
    event(who, "three", NOW + DAY)
    kept(NOW + DAY)
    assert steps_of(who) == {}
    event(who, "one", NOW + 2 * DAY)
    kept(NOW + 3 * DAY)
    assert steps_of(who) == dict.fromkeys((1, 2, 3), NOW + 2 * DAY)
    assert quest_of(who).completed_at == NOW + 2 * DAY


def test_after_its_time_a_quest_is_not_completed():
    late, timely = member(), member()
    approved(quest_draft(step(did("card")), rule=REGISTERED, limit_days=10))
    kept()
    event(late, "card", NOW + 11 * DAY)
    kept(NOW + 12 * DAY)
    event(timely, "card", NOW + 9 * DAY)  # known late
    kept(NOW + 13 * DAY)
    assert quest_of(late).completed_at is None
    assert quest_of(timely).completed_at == NOW + 9 * DAY
    same_as_full(NOW + 13 * DAY)


def test_a_corrected_step_is_open_again():
    who = member()
    approved(quest_draft(step(did("card")), step(did("lesson")), rule=REGISTERED))
    kept()
    event(who, "card", NOW + DAY, "wrong")
    kept(NOW + DAY)
    event(who, "lesson", NOW + 2 * DAY)
    kept(NOW + 2 * DAY)
    assert quest_of(who).completed_at
    Event.objects.filter(id="wrong").delete()
    kept(NOW + 3 * DAY)
    assert steps_of(who) == {2: NOW + 2 * DAY}
    assert quest_of(who).completed_at is None
    assert QuestProgress.objects.get(completed_at__isnull=False).reason == "corrected"
    event(who, "card", NOW + 4 * DAY)
    kept(NOW + 4 * DAY)
    assert quest_of(who).completed_at == NOW + 4 * DAY


def test_a_new_version_leaves_those_on_the_quest_with_their_steps():
    who = member()
    approved(quest_draft(step(did("card")), rule=REGISTERED, limit_days=30))
    kept()
    approved(quest_draft(step(did("other")), rule=REGISTERED, limit_days=30), now=NOW + DAY)
    kept(NOW + DAY)
    event(who, "card", NOW + 2 * DAY)
    kept(NOW + 2 * DAY)
    assert quest_of(who).completed_at == NOW + 2 * DAY
    assert QuestProgress.objects.count() == 1


def test_a_badge_for_a_quest_follows_in_the_same_run():
    who = member()
    approved(quest_draft(step(did("card")), rule=REGISTERED))
    kept()
    approved(badge_draft({"field": "quests_completed", "op": "has_any", "value": ["quest"]}))
    kept()
    event(who, "card", NOW + DAY)
    kept(NOW + 2 * DAY)
    assert awards(who) == [("", NOW + DAY)]


def test_the_proof_finds_what_is_missing_and_corrects_it():
    who = member(aum=5000)
    approved(badge_draft())
    kept()
    RuleMatch.objects.all().delete()
    found = verify_nightly(now=NOW + DAY)
    assert (found["differing"], found["missing"]) == (1, 1)
    assert verify_nightly(now=NOW + DAY)["differing"] == 0
    assert awards(who) == [("", NOW)]


def test_what_was_earned_is_append_only():
    member(aum=5000)
    approved(badge_draft())
    kept()
    award = BadgeAward.objects.get()
    with pytest.raises(DatabaseError), transaction.atomic():
        BadgeAward.objects.update(at=NOW - DAY)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM loyalty_badgeaward")
    BadgeAward.objects.update(superseded_at=NOW, reason="corrected")
    with pytest.raises(DatabaseError), transaction.atomic():
        BadgeAward.objects.update(superseded_at=None, reason="")
    assert BadgeAward.objects.get().pk == award.pk


def test_nothing_marks_where_no_rule_reads_the_table():
    who = member()
    event(who, "lesson", NOW)
    assert not IncentiveDirty.objects.exists()
    assert not StepDone.objects.exists()
    assert keep(now=NOW).claims == 0
