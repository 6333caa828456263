"""Several workers at once, and rows that come in while they work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DataError, connection, transaction

from members.lifecycle.models import Dirty, Standing, Transition, Warning
from members.lifecycle.recording import restage as restaging
from members.lifecycle.recording.parallel import run_in_threads
from members.lifecycle.recording.restage import restage
from members.lifecycle.recording.verify import restage_full, verify
from members.profiles.models import Event
from tests.members.lifecycle import tables
from tests.members.lifecycle.checks import expected_line
from tests.members.lifecycle.crowd import NOW, crowd
from tests.members.lifecycle.worlds import Row

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 700


@pytest.fixture
def people():
    world = crowd(SIZE)
    with tables.platform(str(world.zone), world.policies):
        yield world, tables.put_world(world)


def together(*jobs: Callable[[], object]) -> None:
    """Run the jobs at the same moment, each with a connection of its own; the first failure is raised."""
    failures: list[BaseException] = []
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=30)
            job()
        except BaseException as failure:  # handed to the test's own thread
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
        assert not thread.is_alive(), "a worker hangs"
    if failures:
        raise failures[0]


def check_crowd(world, ids) -> None:
    """All are staged, each of the seven kinds has its line, nothing is written twice."""
    assert Standing.objects.filter(evaluated_at__isnull=False).count() == SIZE
    lines = [
        expected_line(world, world.members[kind], world.members[kind].known_at, NOW) for kind in range(7)
    ]
    for kind in range(7):
        assert tables.changes(ids[kind]) == lines[kind][0]
        assert tables.raised(ids[kind]) == lines[kind][1]
    wanted = [lines[number % 7] for number in range(SIZE)]
    assert Transition.objects.count() == sum(len(changes) for changes, _ in wanted)
    assert Warning.objects.count() == sum(len(raised) for _, raised in wanted)
    assert not Dirty.objects.exists()
    found = verify(now=NOW)
    assert (found.members, found.differing) == (SIZE, 0), found.samples


def test_two_workers_share_the_dirty_members(people):
    world, ids = people
    together(*[lambda: restage(now=NOW, batch=40)] * 2)
    restage(now=NOW)
    check_crowd(world, ids)


def test_threads_of_one_run_share_a_large_amount_of_work(people, monkeypatch):
    monkeypatch.setattr(restaging, "MIN_PER_THREAD", SIZE // 3)
    world, ids = people
    told: list[int] = []
    done = restage(now=NOW, threads=3, progress=told.append)
    assert done.members == SIZE
    assert done.batches > 1
    # The calling thread tells of its own batches; the others may have left it none.
    assert told == sorted(told) and all(count <= SIZE for count in told)
    check_crowd(world, ids)


def test_what_fails_in_a_thread_fails_the_run():
    caller = threading.current_thread()

    def work() -> None:
        if threading.current_thread() is not caller:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

    with pytest.raises(DataError):
        run_in_threads(work, 2)


def test_workers_in_opposite_moods_do_not_deadlock(people):
    """A drain, a full run and a second drain on members that are staged, due and dirty."""
    world, ids = people
    restage(now=NOW - timedelta(days=3))
    Event.objects.filter(name="login").update(name="login")  # marks those who have logged in
    together(
        lambda: restage(now=NOW, batch=30),
        lambda: restage_full(now=NOW),
        lambda: restage(now=NOW, batch=50),
    )
    restage(now=NOW)
    check_crowd(world, ids)


def test_rows_that_come_in_meanwhile_are_not_lost(people):
    """The writer adds a login for everybody who has one already, in many small transactions."""
    world, ids = people
    at = NOW - timedelta(hours=1)

    def write() -> None:
        for first in range(0, SIZE, 50):
            Event.objects.bulk_create(
                Event(member_id=ids[n], id="new", at=at, name="login") for n in range(first, first + 50)
            )

    together(lambda: restage(now=NOW, batch=40), lambda: restage(now=NOW, batch=40), write)
    restage(now=NOW)
    assert not Dirty.objects.exists()
    assert Standing.objects.filter(last_login_at=at).count() == SIZE
    found = verify(now=NOW)
    assert (found.members, found.differing) == (SIZE, 0), found.samples
    for life in world.members[:7]:
        life.rows["new"] = Row("login", at=at)
    for member_id, life in zip(ids[:7], world.members[:7], strict=True):
        changes, raised = expected_line(world, life, life.known_at, NOW)
        assert tables.changes(member_id) == changes
        assert tables.raised(member_id) == raised


def test_members_held_by_another_worker_do_not_keep_the_rest_waiting():
    """One worker sits on a whole batch of dirty members; the next takes those behind them."""
    world, held = crowd(14), threading.Event()
    done = threading.Event()
    with tables.platform(str(world.zone), world.policies):
        ids = tables.put_world(world)
        restage(now=NOW)
        login = Row("login", at=NOW)
        tables.put_rows((member_id, "again", login) for member_id in ids)

        def hold() -> None:
            with transaction.atomic():
                list(Standing.objects.filter(pk__in=ids[:5]).select_for_update())
                held.set()
                done.wait(timeout=60)

        def work() -> None:
            held.wait(timeout=60)
            try:
                restage(now=NOW, batch=5)
                assert set(Dirty.objects.values_list("member_id", flat=True)) == set(ids[:5])
            finally:
                done.set()

        together(hold, work)
        restage(now=NOW)
        assert not Dirty.objects.exists()
        assert verify(now=NOW).differing == 0
