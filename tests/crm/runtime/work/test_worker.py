"""A real worker process, over files and over Redis, runs a task that was sent to it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.conf import settings
from kombu import Connection

from crm.runtime.models import JobRun, RunState
from crm.runtime.tasks import sweep
from tests.harness.server import database_url

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def worker(var, broker: str) -> Iterator[subprocess.Popen]:
    """A worker with the test database, stopped at the end however the test ends."""
    env = {
        **os.environ,
        "PERENNIAL_VAR": str(var),
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": broker,
    }
    env.pop("DATABASE_ROLE", None)
    command = [sys.executable, "-m", "celery", "-A", "crm", "worker", "--pool", "solo", "--loglevel", "info"]
    with (var / "worker.log").open("w") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
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


@pytest.mark.slow(14)
def test_over_files_a_task_sent_before_the_worker_starts_is_run(tmp_path):
    run = dead_run()
    folders = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "queue-control"}
    for folder in set(folders.values()):
        (tmp_path / folder).mkdir()
    options = {option: str(tmp_path / folder) for option, folder in folders.items()}
    with Connection("filesystem://", transport_options=options) as sender:
        sweep.apply_async(connection=sender)
    assert not is_swept(run)
    with worker(tmp_path, ""):
        wait_for(lambda: is_swept(run), 40, tmp_path / "worker.log")
    again = dead_run()
    with worker(tmp_path, ""), Connection("filesystem://", transport_options=options) as sender:
        sweep.apply_async(connection=sender)
        wait_for(lambda: is_swept(again), 40, tmp_path / "worker.log")


def test_the_folders_of_the_file_queue_are_made_at_the_start(tmp_path):
    with worker(tmp_path, ""):
        wait_for((tmp_path / "queue").is_dir, 30, tmp_path / "worker.log")
        wait_for((tmp_path / "queue-control").is_dir, 5, tmp_path / "worker.log")


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
        wait_for(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10, tmp_path / "none")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.slow(5)
@pytest.mark.redis
def test_over_a_real_redis_a_task_is_run(tmp_path, redis_url):
    run = dead_run()
    with worker(tmp_path, redis_url), Connection(redis_url) as sender:
        sweep.apply_async(connection=sender)
        wait_for(lambda: is_swept(run), 40, tmp_path / "worker.log")
