"""The past of imported members: left alone by a first staging, written by --history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from members.lifecycle.models import Standing, Transition, Warning
from members.lifecycle.recording.restage import restage
from tests.harness.examples import examples
from tests.members.lifecycle import oracle, oracle_line, tables, worlds
from tests.members.lifecycle.checks import check_all

pytestmark = pytest.mark.django_db(transaction=True)


@examples(10, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_history_is_the_line_of_the_definition(data):
    world = data.draw(worlds.worlds(least=3, most=8))
    now = world.at(worlds.DAYS + data.draw(st.integers(0, 12)), data.draw(st.sampled_from(worlds.TIMES)))
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        if data.draw(st.booleans()):
            restage(now=now)  # staged without a past first
        restage(now=now, history=True)
        for member_id, life in zip(ids, world.members, strict=True):
            assert Standing.objects.get(pk=member_id).recorded_from == life.known_at
        check_all(world, ids, now)
        written = Transition.objects.count(), Warning.objects.count()
        restage(now=now, history=True)
        assert (Transition.objects.count(), Warning.objects.count()) == written
        later = now + timedelta(days=5)
        restage(now=later)
        check_all(world, ids, later)


def test_a_first_staging_of_old_data_gives_stages_but_not_their_past():
    registered = "2023-01-05T10:00:00+08:00"
    life = tables.live(registered, registered)
    now = tables.instant("2024-03-01T12:00:00+08:00")
    with tables.platform("Asia/Shanghai", [oracle.Policy(1, tables.LONG_AGO)]):
        (member_id,) = tables.put_world(worlds.World(None, None, [], [life]))
        restage(now=now)
        standing = Standing.objects.get(pk=member_id)
        assert (standing.stage, standing.sub_state) == ("activation", "stalled")
        assert (standing.recorded_from, standing.since) == (now, None)
        assert not Transition.objects.exists()


def test_a_newcomer_is_recorded_from_the_first_instant():
    life = tables.live("2024-03-01T10:00:00+08:00", "2024-03-02T11:00:00+08:00")
    with tables.platform("Asia/Shanghai", [oracle.Policy(1, tables.LONG_AGO)]):
        (member_id,) = tables.put_members([life])
        restage(now=tables.instant("2024-03-03T12:00:00+08:00"))
        assert Standing.objects.get(pk=member_id).recorded_from == life.known_at
        assert tables.changes(member_id) == [
            oracle_line.Change(life.known_at, (None, None), ("acquisition", None)),
            oracle_line.Change(life.registered_at, ("acquisition", None), ("activation", None)),
        ]
