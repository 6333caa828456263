"""Job runs: what ran, how far it got, and, when it failed, why in words.

The recorder writes through a connection of its own, in autocommit: progress is visible while the job's
transaction is open, a failure is kept though that transaction rolls back, and a thread can keep the heartbeat
going through a statement of many minutes. Committing between batches instead would leave each of the three
to the job. The price is one more connection while a job runs.

Whether a run is alive is a matter of the machine, so heartbeats are on the database's clock; when it started
and finished is on the business clock of its caller (`now` plus the time that passed since).
"""

from __future__ import annotations

import json
import os
import re
import socket
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core.serializers.json import DjangoJSONEncoder
from django.db import Error as DatabaseError
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.json import Jsonb

from crm.runtime.models import JobRun, RunState

WRITE_EVERY = 1.0  # seconds between two writes of progress at least
BEAT_EVERY = 30.0  # seconds between two heartbeats at most
LOST_AFTER = timedelta(minutes=5)
KEEP = timedelta(days=30)
FAILURE_LENGTH = 500
MOST_FRAMES = 12

# An ISO date, which stays; an e-mail address, or seven digits and more with or without separators, which go.
_NUMBERS = re.compile(r"(\d{4}-\d\d-\d\d)|[\w.+-]+@[\w.-]+|\d(?:[ -]?\d){6,}[Xx]?")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')

_START = """
INSERT INTO runtime_jobrun (name, state, started_at, heartbeat_at, done, detail, failure, worker, caller)
VALUES (%s, 'running', %s, clock_timestamp(), 0, '{}', '', %s, %s) RETURNING id
"""
_BEAT = """
UPDATE runtime_jobrun SET heartbeat_at = clock_timestamp(), done = %s, total = %s, detail = %s
WHERE id = %s RETURNING id
"""
_FINISH = """
UPDATE runtime_jobrun SET state = %s, finished_at = %s, failure = %s, heartbeat_at = clock_timestamp(),
    done = %s, total = %s, detail = %s
WHERE id = %s RETURNING id
"""


class Run:
    """One run being recorded. advance() and detail() note the news; the heartbeat's thread writes them."""

    def __init__(self, name: str, now: datetime, caller: str) -> None:
        self._began, self._now = time.monotonic(), now
        self._lock = threading.Lock()
        self._over, self._news = threading.Event(), threading.Event()
        self._done = 0
        self._total: int | None = None
        self._detail: dict[str, Any] = {}
        self._connection = apart()
        worker = f"{socket.gethostname()}:{os.getpid()}"[:120]
        self.id: int = self._execute(_START, [name, now, worker, caller])
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of {name}", daemon=True)
        self._thread.start()

    def advance(self, done: int, total: int | None = None) -> None:
        """How much is done, of how much in all where that is known. Cheap: call it as often as you like."""
        self._done = done
        self._total = total if total is not None else self._total
        self._news.set()

    def detail(self, **facts: Any) -> None:
        """Add facts for the jobs page, no personal data. Raises TypeError on what JSON cannot hold."""
        self._detail = {**self._detail, **json.loads(json.dumps(facts, cls=DjangoJSONEncoder))}
        self._news.set()

    def finish(self, state: RunState, failure: str = "") -> None:
        """Write how it ended and let the connection go. A run given up as lost tells its end after all."""
        self._over.set()
        self._news.set()
        self._thread.join()
        finished = self._now + timedelta(seconds=time.monotonic() - self._began)
        try:
            self._execute(_FINISH, [state, finished, failure, *self._facts()])
        finally:
            self._connection.close()

    def _beat(self) -> None:
        while not self._over.wait(WRITE_EVERY):
            self._news.wait(BEAT_EVERY - WRITE_EVERY)
            self._news.clear()
            # A heartbeat that fails must not end the job: unheard long enough, the run is swept as lost.
            with suppress(DatabaseError):
                self._execute(_BEAT, self._facts())

    def _facts(self) -> list[Any]:
        return [self._done, self._total, Jsonb(self._detail), self.id]

    def _execute(self, sql: str, values: Sequence[Any]) -> Any:
        with self._lock, self._connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
            return row[0] if row else None


def apart() -> BaseDatabaseWrapper:
    """A connection of its own to the same database, in autocommit, that threads may share under a lock."""
    own: BaseDatabaseWrapper = connection.copy()
    own.inc_thread_sharing()
    own.set_autocommit(True)
    return own


@contextmanager
def record(name: str, *, now: datetime, caller: str = "command") -> Iterator[Run]:
    """Record a run of a job: `caller` says what started it (command, beat, web …).

    An exception in the body is recorded in words and goes on; KeyboardInterrupt and SystemExit too.
    """
    run = Run(name, now, caller)
    try:
        yield run
    except BaseException as error:
        with suppress(DatabaseError):  # what went wrong in the job matters more than its record
            run.detail(trace=frames(error))
            run.finish(RunState.FAILED, in_words(error))
        raise
    run.finish(RunState.SUCCEEDED)


def in_words(error: BaseException) -> str:
    """An exception as its class and first line, without what may be personal.

    Left out are values that the database quotes, numbers of seven digits and more, e-mail addresses.
    """
    name = type(error).__name__
    cause = error.__cause__ if isinstance(error.__cause__, psycopg.Error) else error
    if isinstance(cause, psycopg.Error):
        # Only the primary message: the detail beneath it holds the row. Bad values are quoted after a colon.
        said = cause.diag.message_primary or str(cause)
        head, colon, rest = said.partition(":")
        message = head + colon + _QUOTED.sub('"…"', rest)
    else:
        message = str(error)
    first = message.strip().splitlines()[0] if message.strip() else ""
    text = f"{name}: {_NUMBERS.sub(lambda found: found[1] or '…', first)}" if first else name
    return text[:FAILURE_LENGTH]


def frames(error: BaseException) -> list[str]:
    """Where an exception came from, the innermost last: places in the code only, no values."""
    found = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return [f"{'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}" for frame in found]


def sweep_lost(now: datetime) -> int:
    """Mark runs whose heartbeat stopped 5 minutes ago or more as lost; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE runtime_jobrun SET state = 'lost', finished_at = greatest(%s, started_at),"
            " failure = 'its process ended without a word'"
            " WHERE state = 'running' AND heartbeat_at <= clock_timestamp() - make_interval(secs => %s)",
            [now, LOST_AFTER.total_seconds()],
        )
        return cursor.rowcount


def prune(now: datetime) -> int:
    """Forget runs that ended 30 days ago or more, the last of each name excepted; returns how many."""
    newest = [run.id for run in JobRun.objects.order_by("name", "-started_at").distinct("name").only("id")]
    return JobRun.objects.filter(finished_at__lte=now - KEEP).exclude(id__in=newest).delete()[0]


def latest(names: Sequence[str]) -> dict[str, JobRun]:
    """The latest run of each of the named jobs that ever ran, in one query."""
    # Uses index: jobrun_by_name
    runs = JobRun.objects.filter(name__in=names).order_by("name", "-started_at").distinct("name")
    return {run.name: run for run in runs}
