"""Answers at an instant: stages, inputs, due instants and bounds against the plain evaluation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from members.lifecycle.models import Dirty, Standing, Transition, Warning
from tests.harness.examples import examples
from tests.members.lifecycle import oracle, oracle_bounds, tables, worlds
from tests.members.lifecycle.engine import answers

pytestmark = pytest.mark.django_db(transaction=True)
QUIET = list(HealthCheck)


def moments(data: st.DataObject, world: worlds.World, count: int) -> list:
    """Instants within the history and after it, some a microsecond beside a fact."""
    drawn = data.draw(
        st.lists(
            st.tuples(
                worlds.instants(world.start, world.zone, worlds.DAYS + 8), st.sampled_from((-1, 0, 0, 1))
            ),
            min_size=count,
            max_size=count,
        )
    )
    return [at + step * oracle.MICROSECOND for at, step in drawn]


@pytest.mark.slow(4)
@examples(15, suppress_health_check=QUIET)
@given(st.data())
def test_answers_inputs_due_and_bounds_are_those_of_the_definition(data):
    world = data.draw(worlds.worlds())
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        for at in moments(data, world, 3):
            found = answers(at=at, member_ids=ids)
            for member_id, life in zip(ids, world.members, strict=True):
                compare(found[member_id], life, world, at)


def compare(found, life: worlds.Life, world: worlds.World, at) -> None:
    facts, case = life.facts(), f"at {at} in {world.zone}: {life} under {world.policies}"
    expected = oracle.answer(facts, world.policies, at, world.zone)
    assert oracle.Answer(found.stage, found.sub_state, found.rules, found.warnings) == expected, case
    assert found.due_at == oracle.due_at(facts, world.policies, at, world.zone), case
    if expected.stage in (None, "acquisition"):
        return
    given_inputs = oracle.inputs(facts, oracle.in_force(world.policies, at), at, world.zone)
    for name in ("aum", "first_invested_at", "last_trade_at", "last_login_at", "closing_at", "complaint_at"):
        assert getattr(found, name) == getattr(given_inputs, name), f"{name} {case}"
    assert (found.aum_low, found.aum_high) == oracle_bounds.bounds(facts, world.policies, at, world.zone), (
        case
    )
    if given_inputs.first_invested_at is not None:
        for name in ("peak_aum", "steady_since"):
            assert getattr(found, name) == getattr(given_inputs, name), f"{name} {case}"


@pytest.mark.slow(3)
@examples(12, suppress_health_check=QUIET)
@given(st.data())
def test_until_it_is_due_nothing_changes_and_then_it_does(data):
    world = data.draw(worlds.worlds(most=8))
    world.policies = world.policies[:1]
    at = world.at(worlds.DAYS + 1, worlds.TIMES[3])  # every drawn row has happened by then
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        now = answers(at=at, member_ids=ids)
        for member_id in ids:
            due = now[member_id].due_at
            if due is None:
                continue
            earlier = [due - gap for gap in (timedelta(minutes=1), oracle.MICROSECOND) if due - gap > at]
            before = [answers(at=instant, member_ids=[member_id])[member_id] for instant in earlier]
            then = answers(at=due, member_ids=[member_id])[member_id]
            for answer in before:
                assert place(answer) == place(now[member_id])
                assert answer.due_at == due
            assert (*place(then), then.held) != (*place(now[member_id]), now[member_id].held)


def place(answer) -> tuple:
    return answer.stage, answer.sub_state, answer.rules, answer.warnings


def test_nothing_is_stored_by_asking():
    with tables.platform("UTC", [oracle.Policy(1, tables.LONG_AGO)]):
        life = tables.live("2024-01-01T00:00:00+00:00", None)
        ids = tables.put_members([life])
        marked = Dirty.objects.count()
        answers(at=tables.instant("2024-01-02T00:00:00+00:00"), member_ids=ids)
        assert Dirty.objects.count() == marked
        assert not Standing.objects.exclude(evaluated_at=None).exists()
        assert not (Transition.objects.exists() or Warning.objects.exists())


def test_a_member_nobody_knows_is_not_answered():
    with tables.platform("UTC", [oracle.Policy(1, tables.LONG_AGO)]):
        assert answers(at=tables.instant("2024-01-02T00:00:00+00:00"), member_ids=[4711]) == {}
