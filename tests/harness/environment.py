"""The environment of each process of a run, set before any setting is read (`-p` in pyproject.toml).

A run has one PostgreSQL server: that of DATABASE_URL, or an embedded one that it starts and stops. Each
process has a folder of its own for the queue and files, and a database of its own (`databases.py`), so none
waits for or sees another's.
"""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
import threading
import time
from pathlib import Path

import pytest

from crm.runtime.database import embedded

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")  # "" in the process that distributes, and with -n 0
SHARED = Path(os.environ.get("PERENNIAL_VAR") or Path(__file__).parents[2] / "var" / "test")


def _prepare() -> None:
    os.environ.pop("DATABASE_ROLE", None)  # tests connect as the product does
    os.environ["LANGUAGE"] = "en"  # commands speak the terminal's language
    if WORKER:
        threading.Thread(target=_end_with_the_run, args=[os.getppid()], daemon=True).start()
        own = SHARED / WORKER
        # The same keys: rows that one process sealed are copied into the databases of others.
        shutil.copytree(SHARED / "keys", own / "keys", dirs_exist_ok=True)
        os.environ["PERENNIAL_VAR"] = str(own)
    elif not os.environ.get("DATABASE_URL"):
        server = embedded.start(SHARED / "postgres", "perennial", disposable=True)
        os.environ["DATABASE_URL"] = embedded.url(server, "perennial")


def _end_with_the_run(distributor: int) -> None:
    """A run that was killed leaves no process at work on databases that the next one uses."""
    while os.getppid() == distributor:
        time.sleep(1)
    os._exit(1)


def pytest_configure(config: pytest.Config) -> None:
    """Let two runs at once not have the same databases; one with -n 0 has another than those of processes."""
    if not WORKER:
        name = "processes" if config.getoption("numprocesses", 0) else "alone"
        held = (SHARED / f"{name}.lock").open("w")
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise pytest.UsageError(f"Another run of the tests is using {SHARED}.") from error
        config.add_cleanup(held.close)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Modules and collected tests stay to the end; the collector of garbage need not look at them again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_prepare()
