"""A real worker for the imports of a test, killed at its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from kombu import Connection

from crm.runtime import tasks
from tests.crm.cast import NOW
from tests.crm.runtime.background.test_worker import wait_for
from tests.harness.databases import database_url


def folders() -> dict[str, str]:
    """The folders of the worker's queue, as it makes them."""
    found = {"data_folder_in": "queue", "data_folder_out": "queue", "control_folder": "queue-control"}
    for folder in set(found.values()):
        (settings.VAR_DIR / folder).mkdir(exist_ok=True)
    return {option: str(settings.VAR_DIR / folder) for option, folder in found.items()}


@contextmanager
def worker(log):
    """A real worker on the test database, with this process's vault and key; killed without a word."""
    env = {**os.environ, "DATABASE_URL": database_url(), "BUSINESS_NOW": NOW.isoformat()}
    env |= {"PERENNIAL_VAR": str(settings.VAR_DIR), "DATA_KEY": settings.DATA_KEY, "CELERY_BROKER_URL": ""}
    command = [sys.executable, "-m", "celery", "-A", "crm", "worker", "--pool", "solo", "--loglevel", "info"]
    with log.open("a") as output:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=output, stderr=output)
    try:
        with Connection("filesystem://", transport_options=folders()) as sender:
            tasks.work_queue.apply_async(args=["import"], connection=sender)
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        # The server ends the statement it is at before it sees that nobody waits for it.
        wait_for(lambda: not sessions_at_work(), 60, log)


def sessions_at_work() -> int:
    """Other sessions of this database within a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_database ON oid = database"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]
