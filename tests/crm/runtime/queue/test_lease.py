"""A lease that runs out lets no two finish one item; one that is kept is left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import connection, transaction

from crm.runtime.background import jobs
from crm.runtime.background.jobs import Cancelled
from crm.runtime.models import JobRun, QueueItem
from crm.runtime.queue import lease
from crm.runtime.queue.claim import Reader, claim_item
from crm.runtime.queue.enqueue import begin, enqueue
from crm.runtime.queue.finish import cancel, complete, end, put_off
from crm.runtime.queue.kinds import Failure
from crm.runtime.queue.lease import LEASE, LeaseLost
from crm.runtime.queue.recover import recover
from tests.crm.runtime.queue.steps import NOW, drained, expire, until
from tests.harness.databases import database_url

pytestmark = pytest.mark.django_db(transaction=True)


def claimed(**more) -> QueueItem:
    return claim_item(enqueue("errand", **more).pk)


def state_of(item: QueueItem) -> tuple[str, int]:
    return QueueItem.objects.values_list("state", "attempts").get(pk=item.pk)


def test_a_lease_that_lasts_is_left_alone_and_one_that_ran_out_is_not(errand):
    item = claimed()
    assert recover("errand", NOW) == 0
    expire(item)
    assert recover("errand", NOW) == 1
    assert state_of(item) == ("waiting", 1)
    assert claim_item(item.pk).attempts == 2


@pytest.mark.parametrize(("ends", "taken"), [("90 seconds", 0), ("1 hour", 1)])
def test_a_lease_from_the_future_is_none(errand, ends, taken):
    """The clock was set back: nobody extends a lease that far."""
    expire(claimed(), by=ends)
    assert recover("errand", NOW) == taken


@pytest.mark.parametrize(
    "late",
    [
        lambda item: complete([item]),
        lease.fence,
        lease.stop_if_asked,
    ],
)
@pytest.mark.parametrize("taken_up", [False, True])
def test_who_comes_late_can_finish_nothing(errand, late, taken_up):
    item = claimed()
    expire(item)
    recover("errand", NOW)
    second = claim_item(item.pk) if taken_up else None
    with pytest.raises(LeaseLost):
        late(item)
    put_off([item], LEASE)
    assert end([item], Failure("error"), NOW) == []
    assert state_of(item) == (("running", 2) if taken_up else ("waiting", 1))
    assert errand.ended == []
    if second:
        complete([second])
        assert not QueueItem.objects.exists()


def test_what_a_late_worker_wrote_is_taken_back_with_its_transaction(errand):
    item = claimed()
    expire(item)
    recover("errand", NOW)
    with pytest.raises(LeaseLost), transaction.atomic():
        JobRun.objects.create(name="result", started_at=NOW, heartbeat_at=NOW, worker="w")
        complete([item])
    assert not JobRun.objects.exists()


def test_nobody_takes_an_item_over_between_the_fence_and_the_commit(errand, other):
    item = claimed()
    expire(item)
    with transaction.atomic():
        lease.fence(item)
        found = []
        thief = Thread(target=lambda: (found.append(recover("errand", NOW)), connection.close()))
        thief.start()
        thief.join(60)
        assert found == [0]
        with other.cursor() as cursor:  # the heartbeat waits for no fence
            cursor.execute("SET lock_timeout = '1s'")
            cursor.execute(lease._EXTEND, [LEASE, [item.pk], [item.attempts]])
            assert cursor.rowcount == 1
    assert recover("errand", NOW) == 0


def test_leases_are_extended_while_the_work_goes_on_and_over_a_lost_connection(errand, monkeypatch):
    monkeypatch.setattr(lease, "BEAT_EVERY", 0.02)
    item, gone = claimed(), claimed()
    expire(item, by="1 second")
    with lease.extended([item, gone]):
        complete([gone])
        until(lambda: lasts(item))
        with connection.cursor() as cursor:  # the server ends every connection but this one
            cursor.execute("SET ROLE NONE")
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%queueitem%'"
            )
            assert cursor.fetchone()[0] > 0
            cursor.execute("RESET ROLE")
        expire(item, by="1 second")
        until(lambda: lasts(item))
    assert QueueItem.objects.count() == 1


def lasts(item: QueueItem) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leased_until > clock_timestamp() + interval '50 s' FROM runtime_queueitem WHERE id = %s",
            [item.pk],
        )
        return cursor.fetchone()[0]


def test_what_waits_is_cancelled_at_once_and_what_runs_is_asked_to_stop(errand):
    waiting = enqueue("errand", key="w")
    assert cancel(waiting.pk, NOW) is True
    assert errand.ended == [("w", "cancelled")]
    running = claimed(key="r")
    lease.stop_if_asked(running)
    assert cancel(running.pk, NOW) is False
    with pytest.raises(Cancelled):
        lease.stop_if_asked(running)
    complete([running])
    assert cancel(running.pk, NOW) is None
    assert errand.ended == [("w", "cancelled")]


def test_a_request_to_stop_waits_for_no_fence_and_the_fence_for_no_request(errand, other):
    item = claimed()
    done = []
    with transaction.atomic():
        lease.fence(item)
        asker = Thread(target=lambda: (done.append(cancel(item.pk, NOW)), connection.close()))
        asker.start()
        asker.join(60)
        assert done == [False]
        lease.fence(item)


def test_an_item_that_was_asked_to_stop_is_not_taken_up_again(errand):
    item = claimed(key="a")
    cancel(item.pk, NOW)
    expire(item)
    assert recover("errand", NOW) == 1
    assert errand.ended == [("a", "cancelled")]
    assert not QueueItem.objects.exists()


def test_the_last_attempt_that_loses_its_worker_ends_the_item_as_lost_with_its_run(errand):
    item = claimed(key="a", most_attempts=2)
    expire(item)
    recover("errand", NOW)
    item = claim_item(item.pk)
    run = jobs.Run("an errand", NOW, "test", item)
    expire(item)
    assert recover("errand", NOW) == 1
    row = QueueItem.objects.get()
    assert (row.state, row.failure_code, row.leased_until) == ("failed", "lost", None)
    assert (errand.ended, row.run_id) == ([("a", "lost")], run.id)
    assert JobRun.objects.get().state == "lost"
    run.finish(jobs.RunState.FAILED)
    assert enqueue("errand", key="a")  # what failed for good keeps nothing from being asked again


def test_what_this_process_began_by_itself_is_nobody_elses_afterwards(errand):
    item = begin("errand", key="a")
    assert Reader("errand", 5).claim(NOW) == []
    expire(item)
    assert recover("errand", NOW) == 1
    assert errand.ended == [("a", "lost")]


def test_an_item_that_is_being_ended_is_not_recovered_as_well(errand, other):
    item = claimed()
    expire(item)
    with transaction.atomic():
        complete([item])
        found = []
        thief = Thread(target=lambda: (found.append(recover("errand", NOW)), connection.close()))
        thief.start()
        thief.join(60)
    assert found == [0]


KILLED = """
import os, sys
from django.db import connection
from crm.runtime import clock
from crm.runtime.queue import kinds
from crm.runtime.queue.drain import drain
def work(items, now):
    print("at it", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")
kinds.register(kinds.Kind("errand", "errands", work, lambda *_: None))
drain(clock.now, ["errand"])
"""


def test_an_item_whose_worker_was_killed_is_done_by_the_next_one(errand):
    item = enqueue("errand", payload={"n": 7})
    process = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", KILLED],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url(), "DATABASE_ROLE": "perennial_app"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert any("at it" in line for line in process.stdout)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert state_of(item) == ("running", 1)
    assert drained() == 0  # nobody can know yet that it is dead
    expire(item)
    assert drained() == 1
    assert errand.seen == [7]
    assert not QueueItem.objects.exists()


def test_a_worker_that_was_stopped_for_long_finds_its_item_done(errand):
    """Its process hangs beyond the lease, another worker does the work, then it goes on."""
    item = enqueue("errand", payload={"n": 1})
    woken, at_it, seen = Event(), Event(), []

    def hang(items: list[QueueItem]) -> None:
        errand.do = complete  # the other worker does not hang
        at_it.set()
        woken.wait(60)
        with transaction.atomic():
            seen.append("wrote")
            complete(items)

    errand.do = hang
    sleeper = Thread(target=lambda: (drained(), connection.close()))
    sleeper.start()
    at_it.wait(60)
    expire(item)
    assert drained() == 1
    assert not QueueItem.objects.exists()
    woken.set()
    sleeper.join(60)
    assert (errand.seen, seen, errand.ended) == ([1, 1], ["wrote"], [])
    assert not QueueItem.objects.exists()
