"""A worker killed at each named point: the next one finishes its work, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from members.lifecycle.models import Standing, Transition
from members.lifecycle.recording.restage import restage
from tests.harness import forked
from tests.members.lifecycle import tables
from tests.members.lifecycle.checks import check_all
from tests.members.lifecycle.crowd import NOW, crowd

pytestmark = pytest.mark.django_db(transaction=True)
KILLED = 137
POINTS = ("after_claim", "after_evaluate", "after_record", "before_commit")


@pytest.fixture
def people():
    world = crowd(14)
    with tables.platform(str(world.zone), world.policies):
        yield world, tables.put_world(world)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_first_staging(people, point):
    world, ids = people
    run = forked.start(lambda: restage(now=NOW), LIFECYCLE_FAULT=point)
    assert forked.wait(run) == KILLED
    # Nothing of a batch is there unless all of it is.
    assert not Standing.objects.exclude(evaluated_at=None).exists()
    assert not Transition.objects.exists()
    restage(now=NOW)
    check_all(world, ids, NOW)


@pytest.mark.parametrize("point", POINTS)
def test_killed_when_members_are_due(people, point):
    """Nobody is dirty: the work is known by the due instants alone, and stays known."""
    world, ids = people
    restage(now=NOW - timedelta(days=3))
    before = Transition.objects.count()
    run = forked.start(lambda: restage(now=NOW), LIFECYCLE_FAULT=point)
    assert forked.wait(run) == KILLED
    assert Transition.objects.count() == before
    restage(now=NOW)
    assert Transition.objects.count() > before
    check_all(world, ids, NOW)


def test_killed_while_writing_history(people):
    world, ids = people
    later = NOW + timedelta(days=30)
    restage(now=later)
    run = forked.start(lambda: restage(now=later, history=True), LIFECYCLE_FAULT="after_record")
    assert forked.wait(run) == KILLED
    assert not Transition.objects.exists()
    restage(now=later, history=True)
    check_all(world, ids, later)
