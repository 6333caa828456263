"""A worker whose pool lost a process ends itself, so that its supervisor starts it again.

Where the broker is files, all processes of a pool read from one pipe, behind one lock. One that is killed
while it waits there keeps the lock: those that replace it wait for ever, and the worker looks alive.
"""

from __future__ import annotations

import logging
import os
import signal
from contextlib import suppress
from typing import Any

from billiard.pool import RUN
from celery import bootsteps

EXIT = 70  # as sysexits.h: an internal error
_log = logging.getLogger(__name__)


class PoolGuard(bootsteps.StartStopStep):
    """Watches a pool of processes that share their pipe; any other pool replaces what it loses by itself."""

    requires = ("celery.worker.components:Pool",)

    def start(self, worker: Any) -> None:
        """Called when the pool has started."""
        pool = getattr(worker.pool, "_pool", None)  # a pool of one process or of threads has none
        if pool is not None and not worker.use_eventloop:
            pool.on_process_down = lambda process: self._lost(pool, process)

    def _lost(self, pool: Any, process: Any) -> None:
        """Called in the pool's thread, after at most a second."""
        number = process.exitcode or 0
        if number >= 0 or pool._state != RUN:  # it ended as it should, or all of them are to end
            return
        _log.critical("Process %s of the pool was killed (signal %s). The worker ends.", process.pid, -number)
        for other in list(pool._pool):
            with suppress(ProcessLookupError):
                os.kill(other.pid, signal.SIGKILL)
        logging.shutdown()
        os._exit(EXIT)  # a shutdown in form would wait for the pool
