"""One member's answer in one statement: the same as the definition's, now and when it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from members.lifecycle.evaluation.evaluate_few import evaluate_few
from members.lifecycle.forecast.distances import NeedKey
from members.lifecycle.forecast.explain import Explanation, Reason, ReasonKey, UnknownMember, explain
from members.lifecycle.forecast.forecast import stage_changes_within
from members.lifecycle.models import Standing
from members.lifecycle.recording.restage import restage
from members.lifecycle.sentences.explanation import ExplanationText
from members.portfolio.models import Valuation
from tests.harness.examples import examples
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.engine import answers
from tests.members.lifecycle.evaluation.test_point import compare, moments
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = list(HealthCheck)
USUAL = oracle.Policy(1, tables.LONG_AGO)
STEPS = 40


@examples(8, suppress_health_check=QUIET)
@given(st.data())
def test_one_statement_answers_as_the_definition_and_as_the_engine_does(data):
    world = data.draw(worlds.worlds(least=3, most=6))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        instants = sorted(set(moments(data, world, 3)))
        engine = {at: answers(at=at, member_ids=ids) for at in instants}
        for member_id, life in zip(ids, world.members, strict=True):
            found = evaluate_few((member_id, at) for at in instants)
            assert [row.answer.at for row in found] == instants
            for answer, policy in ((row.answer, row.policy) for row in found):
                compare(answer, life, world, answer.at)
                assert answer == engine[answer.at][member_id]
                assert policy.version == oracle.in_force(world.policies, answer.at).version


@examples(8, suppress_health_check=QUIET)
@given(st.data())
def test_what_comes_next_is_the_definitions_answer_at_the_due_instant(data):
    world = data.draw(worlds.worlds(least=2, most=4))
    at = data.draw(worlds.instants(world.start, world.zone, worlds.DAYS + 8))
    stored = data.draw(st.booleans())
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        if stored:
            restage(now=at)
        for member_id, life in zip(ids, world.members, strict=True):
            told, facts = explain(member_id, at), life.facts()
            now, due = (
                oracle.answer(facts, world.policies, at, world.zone),
                oracle.due_at(facts, world.policies, at, world.zone),
            )
            assert (told.stage, told.sub_state, told.due_at) == (*now.place, due)
            assert next_place(told) == first_move(life, world, at)


def next_place(told: Explanation) -> tuple[object, datetime | None]:
    """The stage and sub-state that come next, and when; None twice where time alone brings none."""
    change = told.next_change
    return ((change.stage, change.sub_state), change.at) if change else (None, None)


def first_move(life: worlds.Life, world: worlds.World, at: datetime) -> tuple[object, datetime | None]:
    """The first other place and its instant by the definition: a policy may start before the due instant.

    Asked about a past instant, what is on record up to each later one counts.
    """
    facts, starts = life.facts(), sorted(policy.effective_from for policy in world.policies)
    place, current = oracle.answer(facts, world.policies, at, world.zone).place, at
    for _ in range(STEPS):
        due = oracle.due_at(facts, world.policies, current, world.zone)
        coming = [start for start in starts if start > current] + ([due] if due else [])
        if not coming:
            break
        current = min(coming)
        seen = oracle.seen(facts, current, world.zone)
        then = oracle.answer(seen, world.policies, current, world.zone).place
        if then != place:
            return then, current
    return None, None


def settled() -> tuple[int, object]:
    """Somebody who bought once and never came back, staged a month later."""
    life = live(
        "2024-01-05T10:00:00+08:00",
        "2024-01-05T10:00:00+08:00",
        Row("buy", at=instant("2024-01-08T09:30:00+08:00"), amount=Decimal(120_000)),
        Row("login", at=instant("2024-02-01T09:30:00+08:00")),
    )
    world = worlds.World(None, life.known_at.date(), [USUAL], [life])
    return tables.put_world(world)[0], instant("2024-02-20T12:00:00+08:00")


def test_an_explanation_is_two_queries_whatever_due_instant_is_stored():
    with tables.platform("Asia/Shanghai", [USUAL]):
        member_id, now = settled()
        restage(now=now)
        with CaptureQueriesContext(connection) as queries:
            first = explain(member_id, now)
        assert len(queries) == 2
        Standing.objects.filter(pk=member_id).update(due_at=now + timedelta(days=900))
        with CaptureQueriesContext(connection) as queries:
            assert explain(member_id, now) == first
        assert len(queries) == 2


def test_an_explanation_says_what_comes_when_and_why():
    with tables.platform("Asia/Shanghai", [USUAL]), translation.override("en"):
        member_id, now = settled()
        told = explain(member_id, now)
        assert [(one.kind, one.raised, one.days) for one in told.warning_changes] == [("idle", True, 11)]
        text = ExplanationText(told)
        assert text.next_change == "No stage change expected in the next 30 days."
        assert told.next_change.days == 41
        assert text.warning_changes == [
            "Without new activity, the warning “Inactivity” is raised on 2 Mar 2024 (in 11 days).",
        ]
        told = explain(member_id, instant("2024-03-20T12:00:00+08:00"))
        assert (next_place(told)[0], told.warning_changes) == (("decline", "at_risk"), [])
        assert ExplanationText(told).next_change == (
            "Without new activity, moves to Decline · At risk on 1 Apr 2024 (in 12 days)."
        )
        assert told.next_change.reasons == (Reason(ReasonKey.IDLE, {"days": 60}),)
        assert ExplanationText(told).next_change_reason == "No login or trade for 60 days"
        told = explain(member_id, instant("2025-03-20T12:00:00+08:00"))
        assert (ExplanationText(told).next_change, told.next_change) == (
            "No change expected in the next 30 days.",
            None,
        )


def test_what_lies_further_ahead_than_a_month_is_not_told():
    late = replace(USUAL, warn_idle_days=50, idle_days=90)  # in 31 days, in 71 days
    with tables.platform("Asia/Shanghai", [late]), translation.override("en"):
        member_id, now = settled()
        told = explain(member_id, now)
        assert (told.warning_changes, told.next_change.days) == ([], 71)
        assert ExplanationText(told).next_change == "No change expected in the next 30 days."
        assert ExplanationText(told).next_change_reason == ""
        (soon,) = explain(member_id, now + timedelta(days=1)).warning_changes
        assert (soon.kind, soon.days) == ("idle", 30)


def test_a_policy_that_starts_before_the_due_instant_is_foreseen_and_named():
    starts = instant("2024-03-25T00:00:00+08:00")
    sooner = replace(USUAL, version=2, effective_from=starts, idle_days=45)
    with tables.platform("Asia/Shanghai", [USUAL, sooner]), translation.override("en"):
        member_id, _ = settled()
        now = instant("2024-03-20T12:00:00+08:00")
        for stored in (False, True):
            if stored:
                restage(now=now)
            told = explain(member_id, now)
            assert next_place(told) == (("decline", "at_risk"), starts)
            assert told.due_at == instant("2024-04-01T00:00:00+08:00")
            text = ExplanationText(told)
            assert text.next_change_reason == (
                "Policy v2 takes effect on 25 Mar 2024: no login or trade for 53 days"
            )
            assert "Policy v2 takes effect on 25 Mar 2024" in text.upcoming_policy
            within = {member_id: (told.stage, told.sub_state)}
            found = stage_changes_within(within, now, now + timedelta(days=7))
            assert not stored or found[member_id].answer.at == starts
        assert explain(member_id, starts).upcoming_policy is None


def test_the_facts_that_decide_maturity_are_among_the_inputs():
    with tables.platform("Asia/Shanghai", [USUAL]), translation.override("en"):
        member_id, now = settled()
        Valuation.objects.create(member_id=member_id, date=date(2024, 2, 1), aum=Decimal(250_000))
        told = {item.name: item for item in explain(member_id, now).inputs}
        assert (told["aum"].value, told["aum"].threshold) == (Decimal(250_000), Decimal(200_000))
        told = {item.name: item for item in ExplanationText(explain(member_id, now)).inputs}
        assert told["aum"].threshold == "¥200,000 for Maturity"
        assert (told["steady_since"].value, told["steady_since"].threshold) == (
            "1 Feb 2024",
            "90 days for Maturity",
        )
        assert (told["tenure_days"].value, told["tenure_days"].threshold) == (
            "46 days",
            "365 days for Maturity",
        )
        later = explain(member_id, now + timedelta(days=500))
        assert {item.name: item.or_earlier for item in later.inputs}["steady_since"]
        texts = {item.name: item for item in ExplanationText(later).inputs}
        assert "or earlier" in texts["steady_since"].value


def test_distances_tell_how_much_of_the_way_is_covered():
    with tables.platform("Asia/Shanghai", [USUAL]), translation.override("en"):
        member_id, now = settled()
        told = explain(member_id, now)
        assert [(need.key, need.params) for need in told.distances[0].needs] == [
            (NeedKey.AUM_RISE_BY, {"missing": Decimal(80_000)}),
            (NeedKey.AUM_STAYS_FOR, {"days": 90}),
            (NeedKey.REGISTERED_UNTIL, {"day": date(2025, 1, 4)}),
        ]
        to_maturity, to_decline = ExplanationText(told).distances
        assert (to_maturity.stage, to_decline.stage) == ("maturity", "decline")
        assert [need.share for need in to_maturity.needs] == [0.6, None, 0.126]
        assert to_maturity.needs[0].progress == "now ¥120,000, threshold ¥200,000"
        assert [need.share for need in to_decline.needs] == [0.317, 0.0, None]
        assert to_decline.needs[0].progress == "19 of 60 days"
        assert not to_decline.all_of


def test_nobody_is_explained_who_is_not_there():
    with tables.platform("UTC", [USUAL]), pytest.raises(UnknownMember):
        explain(4711, instant("2024-01-02T00:00:00+00:00"))


def test_who_is_silent_with_assets_is_dormant_and_who_has_none_left_is_gone():
    """A closing request empties an account at once, silence only where nothing is left to hold."""
    old = ("2022-01-01T10:00:00+08:00", "2022-01-01T10:00:00+08:00")
    bought = Row("buy", at=instant("2022-01-02T10:00:00+08:00"), amount=Decimal(50_000))
    sold = Row("redemption", at=instant("2023-05-01T10:00:00+08:00"), amount=Decimal(50_000))
    closes = Row("closing_request", at=instant("2023-05-01T09:00:00+08:00"))
    lives = [
        tables.live(*old, bought),
        tables.live(*old, bought, sold),
        tables.live(*old, bought, sold, closes),
        tables.live(*old, bought, closes),
    ]
    patient = replace(USUAL, version=2, effective_from=instant("2023-06-01T00:00:00+08:00"), churned_days=365)
    with tables.platform("Asia/Shanghai", [USUAL, patient]):
        ids = tables.put_world(worlds.World(None, None, [], lives))

        def found(at: str) -> list[tuple]:
            told = [explain(member_id, instant(at)) for member_id in ids]
            return [(one.stage, one.sub_state, one.reasons[-1].key) for one in told]

        silent = ("decline", "dormant", ReasonKey.HOLDS_ASSETS)
        gone = ("decline", "churned", ReasonKey.EMPTIED)
        assert found("2023-05-02T00:00:00+08:00") == [silent, gone, gone, silent]
        assert found("2023-06-02T00:00:00+08:00")[1:3] == [("decline", "at_risk", ReasonKey.AUM_FALL), gone]
        assert found("2033-05-02T00:00:00+08:00") == [silent, gone, gone, silent]
        text = ExplanationText(explain(ids[0], instant("2033-05-02T00:00:00+08:00"))).decided_by
        assert "No login or trade for 4,138 days" in text
        assert "still holds" in text and "50,000" in text
