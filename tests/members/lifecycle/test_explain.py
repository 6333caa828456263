"""One member's answer in one statement: the same as the definition's, now and when it is due."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.lifecycle.explain import UnknownMember, explain
from members.lifecycle.models import Standing
from members.lifecycle.one import answers_of
from members.lifecycle.restage import restage
from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.engine import answers
from tests.members.lifecycle.tables import instant, live
from tests.members.lifecycle.test_point import compare, moments
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = list(HealthCheck)
USUAL = oracle.Policy(1, tables.LONG_AGO)


@settings(max_examples=8, deadline=None, suppress_health_check=QUIET)
@given(st.data())
def test_one_statement_answers_as_the_definition_and_as_the_engine_does(data):
    world = data.draw(worlds.worlds(least=3, most=6))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        instants = sorted(set(moments(data, world, 3)))
        engine = {at: answers(at=at, member_ids=ids) for at in instants}
        for member_id, life in zip(ids, world.members, strict=True):
            found = answers_of(member_id, instants)
            assert [answer.at for answer, _ in found] == instants
            for answer, policy in found:
                compare(answer, life, world, answer.at)
                assert answer == engine[answer.at][member_id]
                assert policy.version == oracle.in_force(world.policies, answer.at).version


@settings(max_examples=8, deadline=None, suppress_health_check=QUIET)
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
            if due is None:
                assert told.after is None
                continue
            # Asked about a past instant, what is on record up to the due one counts.
            seen = oracle.seen(facts, due, world.zone)
            then = oracle.answer(seen, world.policies, due, world.zone)
            assert told.after == (then.place if then.place != now.place else None)


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


def test_an_explanation_is_one_query_and_two_where_the_stored_due_instant_is_old():
    with tables.platform("Asia/Shanghai", [USUAL]):
        member_id, now = settled()
        restage(now=now)
        with CaptureQueriesContext(connection) as queries:
            first = explain(member_id, now)
        assert len(queries) == 1
        Standing.objects.filter(pk=member_id).update(due_at=now + timedelta(days=900))
        with CaptureQueriesContext(connection) as queries:
            assert explain(member_id, now) == first
        assert len(queries) == 2


def test_an_explanation_says_what_comes_when_and_why():
    with tables.platform("Asia/Shanghai", [USUAL]), translation.override("en"):
        member_id, now = settled()
        told = explain(member_id, now)
        assert told.due_words.startswith("If nothing new happens, a churn warning is raised on 2 Mar 2024")
        told = explain(member_id, instant("2024-03-20T12:00:00+08:00"))
        assert told.after == ("decline", "at_risk")
        assert told.due_words == (
            "If nothing new happens, becomes “Decline · At risk” on 1 Apr 2024 (in 12 days)."
        )
        assert told.due_because == "No login and no trade for 60 days"


def test_distances_tell_how_much_of_the_way_is_covered():
    with tables.platform("Asia/Shanghai", [USUAL]), translation.override("en"):
        member_id, now = settled()
        to_maturity, to_decline = explain(member_id, now).distances
        assert (to_maturity.stage, to_decline.stage) == ("maturity", "decline")
        assert [need.done for need in to_maturity.needs] == [0.6, None, 0.126]
        assert to_maturity.needs[0].so_far == "¥120,000 now, the limit is ¥200,000"
        assert [need.done for need in to_decline.needs] == [0.317, 0.0, None]
        assert to_decline.needs[0].so_far == "19 of 60 days"
        assert not to_decline.all_of


def test_nobody_is_explained_who_is_not_there():
    with tables.platform("UTC", [USUAL]), pytest.raises(UnknownMember):
        explain(4711, instant("2024-01-02T00:00:00+00:00"))
