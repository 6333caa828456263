"""A worker imports uploads: from the form to the fixed row, killed in the middle, stopped on request."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from kombu import Connection

from crm.imports import tasks
from crm.imports.loading.batch import Result
from crm.imports.models import ImportRun, ImportState, Reject
from crm.imports.runs import record as runs
from crm.imports.runs import worker as work
from crm.imports.uploads import encrypted_files
from crm.imports.uploads import upload as uploads
from crm.runtime.models import JobRun
from crm.staff.models import Role
from members.portfolio.models import Transaction
from members.profiles.models import Channel, Member
from tests.crm.cast import NOW, browser_of, staff_of
from tests.crm.imports.sending import sent, started
from tests.crm.runtime.work.test_worker import wait_for
from tests.server import database_url

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def operator(db, settings, tmp_path) -> Client:
    settings.VAR_DIR = tmp_path
    settings.BUSINESS_NOW = NOW.isoformat()
    return browser_of(staff_of(Role.OPERATIONS))


def queue() -> dict[str, str]:
    """The folders of the worker's queue, as it makes them."""
    folders = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "queue-control"}
    for folder in set(folders.values()):
        (settings.VAR_DIR / folder).mkdir(exist_ok=True)
    return {option: str(settings.VAR_DIR / folder) for option, folder in folders.items()}


@contextmanager
def worker(log):
    """A real worker on the test database, with this process's vault and key; killed without a word."""
    env = {**os.environ, "DATABASE_URL": database_url(), "BUSINESS_NOW": NOW.isoformat()}
    env |= {"PERENNIAL_VAR": str(settings.VAR_DIR), "DATA_KEY": settings.DATA_KEY, "CELERY_BROKER_URL": ""}
    command = [sys.executable, "-m", "celery", "-A", "crm", "worker", "--pool", "solo", "--loglevel", "info"]
    with log.open("a") as output:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=output, stderr=output)
    try:
        with Connection("filesystem://", transport_options=queue()) as sender:
            tasks.drain.apply_async(connection=sender)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        # The server ends the statement it is at before it sees that nobody waits for it.
        wait_for(lambda: not held_locks(), 60, log)


def held_locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchone()[0]


def state_of(run: ImportRun) -> str:
    run.refresh_from_db()
    return run.state


def test_from_the_form_to_the_fixed_row_with_a_worker_killed_in_between(operator, tmp_path):
    log = tmp_path / "worker.log"
    Member.objects.create(pk=1, known_at=NOW, updated_at=NOW).identities.create(kind="member", value="U1")
    note = "x" * 300  # a column that is passed over, so that every row is read with care
    rows = "".join(f"x{n};U1;2026-01-01;buy;1;{note}\n" for n in range(30_000))
    big = sent(operator, "transactions", "流水号;客户号;交易时间;交易类型;金额;备注\n" + rows)
    assert big.columns == ["transaction_id", "member_id", "at", "kind", "amount", ""]
    run = started(operator, big)
    with worker(log):
        wait_for(lambda: state_of(run) == ImportState.RUNNING and run.read, 60, log)
    kept = Transaction.objects.count()
    assert 0 < kept < 30_000
    assert state_of(run) == ImportState.RUNNING  # nobody has noticed yet
    small = sent(operator, "channels", "渠道代码,渠道名称\napp,应用\n,网站\n")
    second = started(operator, small)
    with worker(log):
        wait_for(lambda: state_of(second) == ImportState.DONE and state_of(run) == ImportState.DONE, 90, log)
    assert (run.attempts, run.read, run.rejected) == (2, 30_000, 0)
    assert run.added + kept >= 30_000
    assert Transaction.objects.count() == 30_000
    assert not encrypted_files.exists(big.file)
    assert not encrypted_files.exists(small.file)
    assert (second.read, second.added, second.rejected) == (2, 1, 1)
    reject = Reject.objects.get()
    operator.post(f"/imports/{second.pk}/rejects/{reject.pk}/", {"c-channel": "web", "c-name": "网站"})
    assert set(Channel.objects.values_list("code", flat=True)) == {"app", "web"}


def test_a_dry_run_says_the_same_keeps_nothing_and_leads_to_the_import(operator):
    upload = sent(operator, "channels", "channel,name\napp,x\n,y\n")
    dry = started(operator, upload, do="dry")
    assert work.drain(NOW) == 1
    dry.refresh_from_db()
    assert (dry.state, dry.read, dry.added, dry.rejected) == (ImportState.DONE, 2, 1, 1)
    assert not Channel.objects.exists()
    assert not Reject.objects.exists()
    page = operator.get(f"/imports/{dry.pk}/").content.decode()
    assert "Dry run: no data was saved." in page
    assert "is required" in page
    operator.post(f"/imports/{dry.pk}/again/")
    assert work.drain(NOW) == 1
    assert Channel.objects.get().code == "app"
    assert not encrypted_files.exists(upload.file)


def test_a_file_that_fails_is_told_in_words_and_may_be_run_again(operator):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)
    encrypted_files.remove(upload.file)
    assert work.drain(NOW) == 1
    assert state_of(run) == ImportState.FAILED
    assert "no longer stored" in operator.get(f"/imports/{run.pk}/").content.decode()
    job = JobRun.objects.get()
    assert (job.state, job.name) == ("failed", "import channels")
    assert any("upload.py" in place for place in job.detail["trace"])
    assert run.finished_at >= NOW


def test_stopping_takes_effect_between_two_batches(operator, monkeypatch):
    monkeypatch.setattr("crm.imports.loading.load.CHUNK", 1 << 20)
    rows = "".join(f"c{n},{'x' * 100}\n" for n in range(20_000))
    upload = sent(operator, "channels", "channel,name\n" + rows)
    run = started(operator, upload)
    told = work._tell

    def tell_and_stop(run: ImportRun, job: object, so_far: Result) -> None:
        operator.post(f"/imports/{run.pk}/cancel/")
        told(run, job, so_far)

    monkeypatch.setattr(work, "_tell", tell_and_stop)
    assert work.drain(NOW) == 1
    assert state_of(run) == ImportState.CANCELLED
    assert 0 < Channel.objects.count() == run.added < 20_000
    assert encrypted_files.exists(upload.file)
    assert "Stopped on request." in operator.get(f"/imports/{run.pk}/").content.decode()
    assert uploads.delete_file(upload, now=NOW)


def test_a_run_whose_process_died_waits_again_three_times_and_is_lost_then(operator):
    upload = sent(operator, "channels", "channel\napp\n")
    run = started(operator, upload)
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.RUNNING)
    command = ImportRun.objects.create(kind="channels", filename="f", started_at=NOW)  # of nobody any more
    for attempt in (2, 3):
        runs.give_up_dead(NOW)
        assert (state_of(run), run.attempts) == (ImportState.WAITING, attempt)
        ImportRun.objects.filter(pk=run.pk).update(state=ImportState.RUNNING)
    assert state_of(command) == ImportState.LOST
    assert runs.give_up_dead(NOW) == 1
    assert state_of(run) == ImportState.LOST
    assert "stopped unexpectedly" in operator.get(f"/imports/{run.pk}/").content.decode()
    uploads.delete_file(upload, now=NOW)


def test_a_run_that_lives_in_another_session_is_left_alone(operator):
    run = runs.begin("channels", "", "f", NOW, None)
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(runs._FAIL_LOST, {"now": NOW, "attempts": 3})
            assert cursor.rowcount == 0
            with runs.finishing(run, NOW):
                pass
            assert state_of(run) == ImportState.DONE
            assert held_locks() == 0
    finally:
        other.close()
