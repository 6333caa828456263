"""Job runs, watched from another connection as the jobs page watches them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from crm.runtime.background import jobs
from crm.runtime.models import JobRun, RunState

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


# One statement that lasts until a heartbeat is there, half a minute at most.
LONG_STATEMENT = """
DO $$ BEGIN
    FOR turn IN 1..600 LOOP
        PERFORM pg_sleep(0.05);
        EXIT WHEN EXISTS (
            SELECT FROM runtime_jobrun WHERE heartbeat_at > clock_timestamp() - interval '1 minute'
        );
    END LOOP;
END $$
"""


def wait_for(what, seconds: float = 60.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.05)
    return False


def age(run_id: int, by: timedelta) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE runtime_jobrun SET heartbeat_at = clock_timestamp() - make_interval(secs => %s)"
            " WHERE id = %s",
            [by.total_seconds(), run_id],
        )


def test_a_run_that_succeeds():
    with jobs.record("count sheep", now=NOW, caller="test") as run:
        running = JobRun.objects.get()
        assert (running.state, running.finished_at, running.started_at) == (RunState.RUNNING, None, NOW)
        run.advance(7, 12)
        run.detail(sheep="white")
        run.detail(dogs=2)
    row = JobRun.objects.get()
    assert (row.state, row.done, row.total) == (RunState.SUCCEEDED, 7, 12)
    assert row.detail == {"sheep": "white", "dogs": 2}
    assert NOW <= row.finished_at < NOW + timedelta(seconds=30)
    assert (row.caller, row.failure) == ("test", "")


def test_progress_shows_while_the_jobs_transaction_is_open(monkeypatch):
    monkeypatch.setattr(jobs, "WRITE_EVERY", 0.05)
    with jobs.record("long", now=NOW) as run, transaction.atomic():
        run.advance(5, 10)
        run.detail(step="merge")
        assert wait_for(lambda: JobRun.objects.get().done == 5)
        assert JobRun.objects.get().detail == {"step": "merge"}


def test_progress_is_written_at_most_once_a_second(monkeypatch):
    monkeypatch.setattr(jobs, "WRITE_EVERY", 0.2)  # that second, for a test

    def written() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT xmin::text::bigint FROM runtime_jobrun")  # a new one with each write
            return cursor.fetchone()[0]

    versions = set()
    with jobs.record("busy", now=NOW) as run:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            run.advance(run.id)
            versions.add(written())
            time.sleep(0.005)
    assert 2 <= len(versions) <= 4  # the insert and two more


def test_a_failure_is_kept_though_the_jobs_transaction_rolls_back():
    with pytest.raises(ZeroDivisionError), jobs.record("fails", now=NOW) as run, transaction.atomic():
        run.advance(3)
        raise ZeroDivisionError("the flock is empty")
    row = JobRun.objects.get()
    assert (row.state, row.done, row.failure) == (RunState.FAILED, 3, "ZeroDivisionError: the flock is empty")


def test_a_recorder_that_loses_its_connection_goes_on_over_another():
    """What the job did is committed: that nobody could note it is no failure of the job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (before,) = cursor.fetchone()
    with jobs.record("long", now=NOW) as run:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE backend_start > %s"
                " AND datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%%jobrun%%'",
                [before],  # the server may not have ended those of earlier tests yet
            )
            assert cursor.fetchone()[0] == 1
            cursor.execute("RESET ROLE")
        run.advance(5)
    row = JobRun.objects.get()
    assert (row.state, row.done) == (RunState.SUCCEEDED, 5)


def test_a_job_whose_end_cannot_be_recorded_has_not_failed(monkeypatch):
    with jobs.record("done", now=NOW) as run:
        monkeypatch.setattr(run._own, "_run", unreachable)
    assert JobRun.objects.get().state == RunState.RUNNING  # until it is swept


def unreachable(*_: object) -> None:
    raise OperationalError("the server is gone")


def test_an_interrupted_run_is_a_failed_run():
    with pytest.raises(KeyboardInterrupt), jobs.record("stopped", now=NOW):
        raise KeyboardInterrupt
    assert JobRun.objects.get().failure == "KeyboardInterrupt"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("no answer from 13800138000", "no answer from …"),
        ("call 138-0013-8000 now", "call … now"),
        ("ID 11010519491231002X is known", "ID … is known"),
        ("write to li.wei+x@example.com.", "write to …"),
        ("line 12345 of 200 on 2025-03-03", "line 12345 of 200 on 2025-03-03"),
        ("first\nsecond", "first"),
    ],
)
def test_failures_say_nothing_personal(said, kept):
    assert jobs.describe_error(ValueError(said)) == f"ValueError: {kept}"


def test_a_database_error_is_told_without_the_row():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        JobRun.objects.create(name="张三", state="asleep", started_at=NOW, heartbeat_at=NOW, worker="w")
    words = jobs.describe_error(caught.value)
    assert "jobrun_state_known" in words or "jobrun_finished_when_over" in words
    assert "张三" not in words
    with pytest.raises(psycopg.Error) as bad, psycopg.connect(**connection.get_connection_params()) as own:
        own.execute("SELECT %s::text::date", ["李四"])
    assert jobs.describe_error(bad.value) == 'InvalidDatetimeFormat: invalid input syntax for type date: "…"'


def test_a_silent_run_is_swept_as_lost_and_a_live_one_is_not():
    with jobs.record("alive", now=NOW):
        dead = JobRun.objects.create(name="dead", started_at=NOW, heartbeat_at=NOW, worker="gone:1")
        age(dead.id, timedelta(minutes=5))
        quiet = JobRun.objects.create(name="quiet", started_at=NOW, heartbeat_at=NOW, worker="slow:1")
        age(quiet.id, timedelta(minutes=4))
        assert jobs.sweep_lost(NOW + timedelta(minutes=6)) == 1
        assert jobs.sweep_lost(NOW + timedelta(minutes=6)) == 0
        states = dict(JobRun.objects.values_list("name", "state"))
        assert states == {"alive": "running", "dead": "lost", "quiet": "running"}
    dead.refresh_from_db()
    assert dead.finished_at == NOW + timedelta(minutes=6)
    assert "stopped unexpectedly" in dead.failure


def test_a_heartbeat_from_the_future_is_none():
    """The clock was set back while the process of this run was gone."""
    dead = JobRun.objects.create(name="dead", started_at=NOW, heartbeat_at=NOW, worker="gone:1")
    age(dead.id, timedelta(minutes=-4))
    assert jobs.sweep_lost(NOW) == 0
    age(dead.id, timedelta(minutes=-6))
    assert jobs.sweep_lost(NOW) == 1


def test_a_job_that_was_stopped_on_request_has_not_failed():
    with pytest.raises(jobs.Cancelled), jobs.record("stopped", now=NOW):
        raise jobs.Cancelled
    assert JobRun.objects.get().state == RunState.SUCCEEDED


def test_a_run_given_up_as_lost_tells_its_end_after_all():
    with jobs.record("slept", now=NOW) as run:
        age(run.id, timedelta(minutes=9))
        assert jobs.sweep_lost(NOW) == 1
    assert JobRun.objects.get().state == RunState.SUCCEEDED


def test_the_heartbeat_goes_on_through_a_long_statement(monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_EVERY", 0.2)
    monkeypatch.setattr(jobs, "WRITE_EVERY", 0.1)
    with jobs.record("one long statement", now=NOW) as run:
        age(run.id, timedelta(minutes=6))
        with connection.cursor() as cursor:
            cursor.execute(LONG_STATEMENT)
        assert jobs.sweep_lost(NOW) == 0


def test_latest_is_one_query(django_assert_num_queries):
    for name, hour in [("a", 1), ("a", 3), ("a", 2), ("b", 1), ("c", 1)]:
        JobRun.objects.create(
            name=name, started_at=NOW + timedelta(hours=hour), heartbeat_at=NOW, worker="w", done=hour
        )
    with django_assert_num_queries(1):
        found = jobs.latest(["a", "b", "never"])
    assert {name: run.done for name, run in found.items()} == {"a": 3, "b": 1}


def test_old_runs_are_forgotten_but_the_last_of_each_job():
    def ended(name: str, days: int) -> None:
        at = NOW - timedelta(days=days)
        JobRun.objects.create(
            name=name,
            state="succeeded",
            started_at=at,
            heartbeat_at=at,
            finished_at=at,
            worker="w",
            done=days,
        )

    for name, days in [("a", 29), ("a", 30), ("a", 40), ("rare", 50), ("rare", 60)]:
        ended(name, days)
    assert jobs.prune(NOW) == 3
    assert sorted(JobRun.objects.values_list("name", "done")) == [("a", 29), ("rare", 50)]


def test_facts_are_json_and_what_is_not_is_refused_where_it_is_given():
    with pytest.raises(TypeError, match="object"), jobs.record("facts", now=NOW) as run:
        run.detail(amount=Decimal("1.5"), day=date(2025, 1, 1))
        run.detail(thing=object())
    row = JobRun.objects.get()
    assert row.state == RunState.FAILED
    assert {name: row.detail[name] for name in ("amount", "day")} == {"amount": "1.5", "day": "2025-01-01"}
