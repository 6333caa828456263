"""A real worker process, over files and over Redis, runs a task that was sent to it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import psutil
import pytest
from django.conf import settings
from kombu import Connection

from crm.runtime.background.pool_guard import EXIT
from crm.runtime.models import JobRun, RunState
from crm.runtime.tasks import sweep
from tests.crm.runtime.background.damaged import DAMAGED, damage
from tests.harness.databases import database_url

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker(var, broker: str, *pool: str) -> Iterator[subprocess.Popen]:
    """A worker with the test database; killed with its pool at the end, which is quicker than to ask it."""
    env = {
        **os.environ,
        "PERENNIAL_VAR": str(var),
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker,
    }
    env.pop("DATABASE_ROLE", None)
    pool = pool or ("--pool", "solo")
    command = [sys.executable, "-m", "celery", "-A", "crm", "worker", *pool, "--loglevel", "info"]
    with (var / "worker.log").open("w") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        with suppress(psutil.Error):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
        process.wait()


def wait_for(what, seconds: float, log) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, log.read_text() if log.exists() else "no log"
        time.sleep(0.1)


def dead_run() -> JobRun:
    return JobRun.objects.create(name="dead", started_at=LONG_AGO, heartbeat_at=LONG_AGO, worker="gone:1")


def is_swept(run: JobRun) -> bool:
    run.refresh_from_db()
    return run.state == RunState.LOST


FOLDERS = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "queue-control"}


@pytest.mark.slow(8)
def test_over_files_tasks_sent_before_and_after_the_start_are_run_damaged_files_or_not(tmp_path):
    run = dead_run()
    options = {option: str(tmp_path / folder) for option, folder in FOLDERS.items()}
    for folder in set(options.values()):
        os.mkdir(folder)
    damage(tmp_path / "queue", tmp_path / "queue-control")
    with Connection("filesystem://", transport_options=options) as sender:
        sweep.apply_async(connection=sender)
        assert not is_swept(run)
        with worker(tmp_path, "") as process:
            wait_for(lambda: is_swept(run), 60, tmp_path / "worker.log")
            again = dead_run()
            sweep.apply_async(connection=sender)
            wait_for(lambda: is_swept(again), 60, tmp_path / "worker.log")
            assert process.poll() is None
    log = (tmp_path / "worker.log").read_text()
    aside = [path.name.partition(".")[2] for path in (tmp_path / "queue" / "damaged").iterdir()]
    assert sorted(aside) == sorted(DAMAGED)
    assert all(log.count(f"{name} is damaged: ") == 1 for name in DAMAGED)
    assert "Traceback" not in log


@pytest.mark.slow(5)
def test_a_worker_whose_idle_pool_is_killed_ends_itself(tmp_path):
    """One of the two waits for the next task and holds the lock of all that come after it."""
    with worker(tmp_path, "", "--concurrency", "2") as process:
        log = tmp_path / "worker.log"
        wait_for(lambda: log.exists() and " ready." in log.read_text(), 60, log)
        assert all((tmp_path / folder).is_dir() for folder in FOLDERS.values())  # made at the start
        children = psutil.Process(process.pid).children()
        assert len(children) == 2
        for child in children:
            child.kill()
        wait_for(lambda: process.poll() is not None, 60, log)
        assert process.returncode == EXIT
        assert "was killed (signal 9). The worker ends." in log.read_text()
        wait_for(lambda: not any(child.is_running() for child in children), 60, log)


@pytest.fixture
def redis_url(tmp_path) -> Iterator[str]:
    """A Redis of our own where the binary exists, else the one of CELERY_BROKER_URL, else no test."""
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if binary is None:
        url = os.environ.get("CELERY_BROKER_URL", "")
        if not url.startswith("redis"):
            pytest.skip("neither redis-server on this machine nor a Redis in CELERY_BROKER_URL")
        yield url
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 60, tmp_path / "none")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(60)


@pytest.mark.slow(5)
@pytest.mark.redis
def test_over_a_real_redis_a_task_is_run(tmp_path, redis_url):
    run = dead_run()
    with worker(tmp_path, redis_url), Connection(redis_url) as sender:
        sweep.apply_async(connection=sender)
        wait_for(lambda: is_swept(run), 60, tmp_path / "worker.log")
