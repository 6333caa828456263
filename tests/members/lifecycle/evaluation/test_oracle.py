"""The definition itself: that its bounds and due instants keep what they promise. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.harness.examples import examples
from tests.members.lifecycle import oracle, oracle_bounds, oracle_line, worlds

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def within(draw: st.DrawFn, low: Decimal | None, high: Decimal | None) -> st.SearchStrategy[Decimal]:
    least = max(low or Decimal(0), Decimal(0))
    most = max(least, least + 1500 if high is None else high)
    near = [level for level in worlds.LEVELS if least <= level <= most]
    return st.sampled_from([least, most, *near])


@examples(60, suppress_health_check=QUIET)
@given(st.data())
def test_valuations_within_the_bounds_change_nothing_before_it_is_due(data):
    world = data.draw(worlds.worlds(least=1, most=1))
    zone, facts = world.zone, world.members[0].facts()
    at = data.draw(worlds.instants(world.start, zone))
    policy = [replace(oracle.in_force(world.policies, at), effective_from=world.policies[0].effective_from)]
    low, high = oracle_bounds.bounds(facts, policy, at, zone)
    if low is not None and high is not None and low > high:
        return
    before, due = oracle.answer(facts, policy, at, zone), oracle.due_at(facts, policy, at, zone)
    facts, today = oracle.seen(facts, at, zone), oracle.day_of(at, zone)
    last = due or at + timedelta(days=15)
    for offset in data.draw(st.lists(st.integers(0, 6), max_size=4).map(sorted)):
        day = today + timedelta(offset)
        arrives = max(at, oracle.first_instant(day, zone))
        if day in facts.valuations or arrives >= last:
            continue
        facts.valuations[day] = data.draw(within(data.draw, low, high))
        then = oracle.due_at(facts, policy, arrives, zone)
        assert then is None if due is None else then is None or then >= due
    for instant in [at, *oracle.midnights(at, last, zone)]:
        if instant < last:
            assert oracle.answer(facts, policy, instant, zone) == before


@examples(25, suppress_health_check=QUIET)
@given(st.data())
def test_nothing_changes_between_the_instants_of_a_line(data):
    """The line looks at every instant that matters: answers at others are those of the last before."""
    world = data.draw(worlds.worlds(least=1, most=1))
    zone, facts = world.zone, world.members[0].facts()
    after = facts.known_at - oracle.MICROSECOND
    until = after + timedelta(days=worlds.DAYS + 15)
    changes, raised = oracle_line.line(facts, world.policies, after, until, zone)
    for at in data.draw(st.lists(worlds.instants(world.start, zone), max_size=12)):
        if at <= after:
            continue
        place = next((c.after for c in reversed(changes) if c.at <= at), (None, None))
        warned = {r.kind for r in raised if r.raised_at <= at and (r.ended_at is None or r.ended_at > at)}
        answer = oracle.answer(facts, world.policies, at, zone)
        assert answer.place == place
        assert {kind for kind, bit in oracle.WARNING_KINDS.items() if answer.warnings & bit} == warned
