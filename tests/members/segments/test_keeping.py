"""Members of segments follow the facts: who joins, who leaves, when, and what is told to followers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.runtime.models import Change
from members.lifecycle.models import Standing
from members.profiles.models import Member
from members.rules.ask import changes_next, everybody
from members.rules.language.parse import parse
from members.segments.keeping.keep import has_pending, keep
from members.segments.keeping.verify import verify
from members.segments.models import Dirty, Due, Tally
from tests.crm.cast import NOW, member
from tests.members.segments.worlds import kept, members_of, segment, spells_of

pytestmark = pytest.mark.django_db


def give(who: Member, aum: int) -> None:
    Standing.objects.filter(pk=who.pk).update(aum=aum)


def test_a_write_marks_nobody_where_no_segment_reads_its_table():
    who = member(aum=500)
    give(who, 5000)
    assert not Dirty.objects.exists()


def test_members_are_those_who_match_when_the_segment_is_made():
    rich, _poor = member(aum=5000), member(aum=10)
    made = segment()
    kept()
    assert members_of(made) == {rich.pk}
    assert not has_pending(now=NOW)
    assert not Change.objects.filter(kind__startswith="segment.").exists()


def test_a_changed_fact_brings_and_takes_a_member_with_its_instant_and_tells_followers():
    who = member(aum=10)
    made = segment()
    kept()
    give(who, 5000)
    done = kept(NOW + timedelta(hours=1))
    assert (done.joined, done.left) == (1, 0)
    assert members_of(made) == {who.pk}
    give(who, 1)
    later = NOW + timedelta(hours=2)
    kept(later)
    assert members_of(made) == set()
    ((joined, left),) = spells_of(made, who.pk)
    assert joined <= left <= later
    told = Change.objects.filter(kind__startswith="segment.").order_by("id")
    assert [(row.kind, row.member_id, row.payload["segment"]) for row in told] == [
        ("segment.joined", who.pk, made.pk), ("segment.left", who.pk, made.pk)
    ]  # fmt: skip


def test_a_change_that_the_rule_does_not_read_claims_nobody():
    who = member(aum=10)
    segment()
    kept()
    Standing.objects.filter(pk=who.pk).update(evaluated_at=NOW)
    assert not Dirty.objects.exists()


def test_time_alone_brings_and_takes_members():
    who = member(aum=10, last_login_at=NOW - timedelta(days=29))
    made = segment({"field": "last_login", "op": "more_than_ago", "value": {"days": 30}})
    kept()
    due = Due.objects.get(segment=made.pk, member=who.pk).due_at
    assert NOW < due <= NOW + timedelta(days=2)
    kept(due - timedelta(seconds=1))
    assert members_of(made) == set()
    kept(due + timedelta(minutes=5))
    assert members_of(made) == {who.pk}
    assert spells_of(made, who.pk) == [(due, None)]


def test_a_segment_that_names_another_follows_it():
    who = member(aum=10)
    rich = segment()
    named = segment({"field": "segment", "op": "has_any", "value": [str(rich.pk)]})
    not_rich = segment({"not": {"field": "segment", "op": "has_any", "value": [str(rich.pk)]}})
    kept()
    assert (members_of(named), members_of(not_rich)) == (set(), {who.pk})
    give(who, 5000)
    kept(NOW + timedelta(hours=1))
    assert (members_of(rich), members_of(named), members_of(not_rich)) == ({who.pk}, {who.pk}, set())


def test_the_proof_finds_what_is_wrong_and_what_is_counted_wrong():
    rich, poor = member(aum=5000), member(aum=10)
    made = segment()
    kept()
    assert verify(now=NOW)[2] == []
    made.membership_set.filter(member=rich.pk).update(left_at=NOW)
    made.membership_set.create(member=poor, joined_at=NOW)
    Tally.objects.create(segment=made, day=NOW.date(), joined=3)
    Dirty.objects.all().delete()
    (found,) = verify(now=NOW)[2]
    assert (found.segment, found.missing, found.extra, found.miscounted) == (made.pk, 1, 1, 3)


def test_keeping_again_changes_nothing():
    member(aum=5000)
    segment()
    kept()
    done = keep(now=NOW)
    assert (done.claims, done.computed) == (0, 0)


def test_a_stored_value_that_falls_due_waits_for_its_write_and_not_for_time():
    who = member(aum=10, stage="growth", due_at=NOW + timedelta(days=1), since=NOW - timedelta(days=9))
    made = segment({"field": "stage", "op": "=", "value": "decline"})
    kept()
    assert not Due.objects.exists()
    Standing.objects.filter(pk=who.pk).update(stage="decline", since=NOW + timedelta(days=1))
    kept(NOW + timedelta(days=2))
    assert spells_of(made, who.pk) == [(NOW + timedelta(days=1), None)]


def test_when_a_rule_over_segments_changes_next():
    registered = NOW - timedelta(hours=20)
    who = member(registered_at=registered)
    due = registered + timedelta(hours=30, microseconds=1)
    fresh = segment({"field": "registered_at", "op": "within_last", "value": {"hours": 30}})
    through = segment(_in(fresh))
    kept()
    assert members_of(through) == {who.pk}
    told = changes_next(everybody(parse(_in(through)), NOW))
    assert told is not None
    assert abs(told - due) < timedelta(seconds=1)
    kept(told)
    assert members_of(through) == set()


def test_a_stage_that_falls_due_may_change_who_is_in_a_segment():
    due = NOW + timedelta(days=2)
    member(stage="growth", due_at=due)
    made = segment({"field": "stage", "op": "=", "value": "growth"})
    kept()
    assert changes_next(everybody(parse(_in(made)), NOW)) == due
    assert not Due.objects.exists()  # the write of the stage tells the segments


def _in(segment):
    return {"field": "segment", "op": "has_any", "value": [str(segment.pk)]}
