"""Segments are created, edited, deleted and restored; what is refused, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crm.runtime.clock import day_of
from crm.runtime.errors import error_text
from crm.staff.models import Role
from crm.staff.permissions import NotAllowed
from members.lifecycle.models import Standing
from members.profiles.models import Member
from members.rules import ask
from members.rules.language.errors import BadRule, BadRules, Mistake, NoHistory
from members.rules.language.parse import parse
from members.segments.change.delete import delete_segment, restore_segment
from members.segments.change.refusals import Refusal, SegmentRefused
from members.segments.change.save import Draft, create_segment, save_version
from members.segments.models import Kind, Read, Segment, Version
from members.segments.reading.history import shown_versions
from members.segments.ready_made import READY_MADE
from members.segments.visibility import visible_segments
from tests.crm.cast import NOW, member, staff_of
from tests.members.loyalty.incentives.worlds import approved, badge_draft
from tests.members.segments.worlds import RICH, kept, maker, members_of, segment, spells_of

pytestmark = pytest.mark.django_db


def in_segment(other, **more):
    return {"field": "segment", "op": "has_any", "value": [str(other.pk)]} | more


def save(made, rule=RICH, *, name="", version=1, why=""):
    draft = Draft(name or made.name, Kind.RULE, rule, why)
    return save_version(made.pk, draft, version=version, staff=maker(), now=NOW + timedelta(hours=1))


def refusal(work):
    with pytest.raises(SegmentRefused) as refused:
        work()
    assert error_text(refused.value)
    return refused.value


def test_another_version_is_computed_and_says_what_changed():
    poor, rich = member(aum=500), member(aum=5000)
    made = segment(RICH, why="money")
    kept()
    save(made, {"all": [RICH, {"field": "aum", "op": "<", "value": 2000}]}, name="Middle")
    kept(NOW + timedelta(hours=1))
    assert members_of(made) == set()
    assert spells_of(made, rich.pk) == [(NOW, NOW + timedelta(hours=1))]
    assert spells_of(made, poor.pk) == []
    made.refresh_from_db()
    shown, first = shown_versions(made)
    assert (shown.version.number, first.version.number) == (2, 1)
    assert shown.renamed_from == "Segment 1"
    assert shown.is_other_purpose
    assert len(shown.added) == 2  # the group and the second condition
    assert not first.added


def test_the_same_again_is_no_version():
    made = segment()
    save(made)
    assert Version.objects.filter(segment=made).count() == 1


def test_whoever_saves_over_a_newer_version_is_told():
    made = segment()
    save(made, name="Other")
    assert refusal(lambda: save(made, name="Third")).code == Refusal.CHANGED_MEANWHILE


def test_versions_are_written_once():
    segment()
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute("UPDATE segments_version SET name = 'x'")


def test_two_segments_have_no_one_name():
    segment(name="Rich")
    assert refusal(lambda: segment(name="Rich")).code == Refusal.NAME_TAKEN


def test_only_some_roles_make_segments():
    with pytest.raises(NotAllowed):
        create_segment(Draft("x", Kind.RULE, RICH), staff=staff_of(Role.RELATIONSHIP_MANAGER), now=NOW)


def test_what_the_maker_does_not_see_plain_is_unknown():
    rule = {"field": "number", "op": "present"}
    assert segment(rule)
    with pytest.raises(BadRules) as refused:
        create_segment(Draft("x", Kind.RULE, rule), staff=maker(Role.ANALYST), now=NOW)
    (mistake,) = refused.value.mistakes
    with pytest.raises(BadRules) as unknown:
        create_segment(
            Draft("x", Kind.RULE, {"field": "nonsense", "op": "present"}), staff=maker(Role.ANALYST), now=NOW
        )
    (same,) = unknown.value.mistakes
    assert mistake.path == same.path == "$.field"
    assert mistake.code == same.code


def test_a_segment_is_not_there_for_who_does_not_see_what_it_reads_even_through_another():
    hidden = segment({"field": "number", "op": "present"}, name="Hidden")
    through = segment(in_segment(hidden), name="Through")
    plain = segment(name="Plain")
    analyst = maker(Role.ANALYST)
    assert visible_segments(analyst) == [plain]
    assert visible_segments(maker()) == [hidden, plain, through]
    assert visible_segments(staff_of(Role.CUSTOMER_SERVICE)) == []
    with pytest.raises(BadRules) as refused:
        create_segment(Draft("x", Kind.RULE, in_segment(hidden)), staff=analyst, now=NOW)
    assert [one.code for one in refused.value.mistakes] == [Mistake.NOT_CHOSEN]


def test_a_rule_leads_to_itself_neither_at_once_nor_through_others():
    one = segment(name="One")
    other = segment(in_segment(one), name="Other")
    for named in (one, other):
        with pytest.raises(BadRules) as refused:
            save(one, in_segment(named))
        assert [(bad.path, bad.code) for bad in refused.value.mistakes] == [("$.value", Mistake.CYCLE)]


def test_a_rule_does_not_lead_to_itself_through_a_badge():
    one = segment(name="One")
    approved(badge_draft({"all": [RICH, in_segment(one)]}, "trusted"))
    with pytest.raises(BadRules) as refused:
        save(one, {"any": [RICH, {"field": "badges", "op": "has_any", "value": ["trusted"]}]})
    assert [(bad.path, bad.code) for bad in refused.value.mistakes] == [("$.any[1].value", Mistake.CYCLE)]


def test_each_segment_is_read_once_however_many_lead_to_it():
    names = [segment(name="0"), segment(name="1")]
    for number in range(2, 12):
        rule = {"any": [in_segment(one) for one in names[-2:]]}
        names.append(segment(rule, name=str(number)))
    with CaptureQueriesContext(connection) as queries:
        parse(in_segment(names[-1]))
    assert len(queries) <= len(names) + 1


@pytest.mark.parametrize("operator", ["empty", "not_empty"])
def test_a_rule_that_asks_for_any_segment_leads_to_itself(operator):
    with pytest.raises(BadRules) as refused:
        segment({"not": {"field": "segment", "op": operator}})
    assert [(bad.path, bad.code) for bad in refused.value.mistakes] == [("$.not.op", Mistake.CYCLE)]


def test_a_segment_of_a_badge_is_not_there_for_who_does_not_see_the_badge():
    approved(badge_draft({"field": "number", "op": "present"}, "number"))
    approved(badge_draft({"field": "stage", "op": "present"}, "plain"))
    for place, (code, name) in enumerate((("number", "Hidden"), ("plain", "Plain"))):
        segment({"field": "badges", "op": "has_any", "value": [code]}, name=name)
        rule = {"did": "badge", "where": [{"property": "badge", "op": "=", "value": code}]}
        segment(rule, name=f"{name} {place}")
    segment({"did": "badge"}, name="Any badge")
    segment({"field": "badges", "op": "empty"}, name="No badge")
    assert [one.name for one in visible_segments(maker(Role.ANALYST))] == ["Plain", "Plain 1"]
    assert len(visible_segments(maker())) == 6


def test_what_is_in_use_is_not_deleted_and_its_users_are_named():
    one = segment(name="One")
    user = segment(in_segment(one), name="Other")
    refused = refusal(lambda: delete_segment(one.pk, staff=maker(), now=NOW))
    assert refused.code == Refusal.IN_USE
    assert "Other" in error_text(refused)
    save(user, {"all": [in_segment(one), {"field": "number", "op": "present"}]})
    refused = refusal(lambda: delete_segment(one.pk, staff=maker(Role.ANALYST), now=NOW))
    assert "Other" not in error_text(refused)
    delete_segment(user.pk, staff=maker(), now=NOW)
    approved(badge_draft({"all": [RICH, in_segment(one)]}, "trusted"))
    refused = refusal(lambda: delete_segment(one.pk, staff=maker(), now=NOW))
    assert "trusted" in error_text(refused)
    approved(badge_draft(RICH, "trusted"))
    delete_segment(one.pk, staff=maker(), now=NOW)
    assert refusal(lambda: restore_segment(user.pk, staff=maker(), now=NOW)).code == Refusal.NAMES_DELETED


def test_a_deleted_segment_is_watched_no_more_and_comes_back_up_to_date():
    who = member(aum=5000)
    made = segment()
    kept()
    delete_segment(made.pk, staff=maker(), now=NOW)
    assert not Read.objects.exists()
    Standing.objects.filter(pk=who.pk).update(aum=1)
    restore_segment(made.pk, staff=maker(), now=NOW + timedelta(hours=1))
    kept(NOW + timedelta(hours=1))
    assert members_of(made) == set()
    late = NOW + timedelta(days=31)
    delete_segment(made.pk, staff=maker(), now=NOW + timedelta(hours=2))
    assert refusal(lambda: restore_segment(made.pk, staff=maker(), now=late)).code == Refusal.NOT_DELETED


def frozen(rule, as_of):
    draft = Draft("Frozen", Kind.FROZEN, rule, as_of=as_of)
    return create_segment(draft, staff=maker(), now=NOW)


def test_a_frozen_segment_holds_who_matched_then_for_good():
    early = member(registered_at=NOW - timedelta(days=40))
    member(registered_at=NOW - timedelta(days=2))
    as_of = NOW - timedelta(days=10)
    made = frozen({"field": "registered_at", "op": "within_last", "value": {"days": 60}}, as_of)
    kept()
    assert members_of(made) == {early.pk}
    kept(NOW + timedelta(days=90))
    assert members_of(made) == {early.pk}
    assert spells_of(made, early.pk) == [(as_of, None)]


def test_what_has_no_history_cannot_be_frozen_in_the_past_nor_anything_in_the_future():
    with pytest.raises(BadRule) as refused:
        frozen({"field": "tags", "op": "has_any", "value": ["vip"]}, NOW - timedelta(days=10))
    assert refused.value.code == Mistake.NO_HISTORY
    assert refusal(lambda: frozen(RICH, NOW + timedelta(days=1))).code == Refusal.LATER


def test_what_has_no_history_can_be_frozen_now_though_it_is_computed_later():
    tagged = member()
    Member.objects.filter(pk=tagged.pk).update(tags=["vip"])
    made = frozen({"field": "tags", "op": "has_any", "value": ["vip"]}, NOW)
    kept(NOW + timedelta(minutes=1))
    assert members_of(made) == {tagged.pk}


def test_a_segment_is_not_asked_about_the_time_before_it_began():
    member(aum=5000)
    made = segment()
    rule = parse(in_segment(made))
    with pytest.raises(NoHistory):
        ask.everybody(rule, NOW, past=True)
    kept()
    assert ask.count(ask.everybody(rule, NOW, past=True)) == 1
    with pytest.raises(NoHistory) as refused:
        ask.everybody(rule, NOW - timedelta(microseconds=1), past=True)
    assert "2026" in error_text(refused.value)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_ready_made_segments_cover_all_stages_and_can_be_made(language):
    assert len(READY_MADE) >= 10
    assert {one.stage for one in READY_MADE} == {"acquisition", "activation", "growth", "maturity", "decline"}
    with override(language):
        for one in READY_MADE:
            assert one.why
            segment(dict(one.rule), name=str(one.name))
    kept()
    assert Segment.objects.kept().count() == len(READY_MADE)


def test_who_is_assessed_and_not_invested_has_a_valid_assessment():
    today = day_of(NOW)
    people = {days: member(stage="activation") for days in (-400, -1, 0, 1, 364)}
    for days, person in people.items():
        ends = today + timedelta(days=days)
        assessed = ends.replace(year=ends.year - 1)
        Member.objects.filter(pk=person.pk).update(risk_class="C3", risk_assessed_on=assessed)
    member(stage="activation")
    rule = next(one.rule for one in READY_MADE if one.key == "assessed_not_invested")
    made = segment(dict(rule))
    kept()
    assert members_of(made) == {people[1].pk, people[364].pk}
