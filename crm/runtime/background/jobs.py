"""Job runs: what ran, how far it got, and, when it failed, why in words.

The recorder writes through a connection of its own, in autocommit: progress is visible while the job's
transaction is open, a failure is kept though that transaction rolls back, and a thread can keep the
heartbeat going through a statement of many minutes. Committing between batches instead would leave each of
the three to the job. The price is one more connection while a job runs. When that connection is lost
another one is made; what becomes of the record is never told as the job's own failure.

A run is an attempt, and no promise: what must be done, again if its process dies, is an item of the work
queue (crm.runtime.models.QueueItem), which names its latest run.

Whether a run is alive is a matter of the machine, so heartbeats are on the database's clock; when it started
and finished is on the business clock of its caller (`now` plus the time that passed since).
"""

from __future__ import annotations

import json
import os
import re
import socket
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
from django.db.models import F, Value
from django.db.models.functions import Greatest
from psycopg.types.json import Jsonb

from crm.runtime.background.heartbeat import Heartbeat
from crm.runtime.database.own_connection import OwnConnection
from crm.runtime.models import JobRun, QueueItem, RunState

WRITE_EVERY = 1.0  # seconds between two writes of progress at least
BEAT_EVERY = 30.0  # seconds between two heartbeats at most
LOST_AFTER = timedelta(minutes=5)
KEEP = timedelta(days=30)
FAILURE_LENGTH = 500
MOST_FRAMES = 12

# An ISO date, which stays; an e-mail address, or seven digits and more with or without separators, which go.
_NUMBERS = re.compile(r"(\d{4}-\d\d-\d\d)|[\w.+-]+@[\w.-]+|\d(?:[ -]?\d){6,}[Xx]?")
_QUOTED = re.compile(r'"[^"]*"|\'[^\']*\'')

_SILENT = """
SELECT id FROM runtime_jobrun
WHERE state = 'running' AND abs(extract(epoch FROM clock_timestamp() - heartbeat_at)) >= %s
"""
_START = """
INSERT INTO runtime_jobrun (name, state, started_at, heartbeat_at, done, detail, failure, worker, caller)
VALUES (%s, 'running', %s, clock_timestamp(), 0, '{}', '', %s, %s) RETURNING id
"""
_NAME_RUN = "UPDATE runtime_queueitem SET run_id = %s WHERE id = %s AND attempts = %s AND state = 'running'"
_BEAT = """
UPDATE runtime_jobrun SET heartbeat_at = clock_timestamp(), done = %s, total = %s, detail = %s
WHERE id = %s
"""
_FINISH = """
UPDATE runtime_jobrun SET state = %s, finished_at = %s, failure = %s, heartbeat_at = clock_timestamp(),
    done = %s, total = %s, detail = %s
WHERE id = %s
"""


class Cancelled(Exception):
    """Somebody asked that the job stop, and it did: that is no failure."""


class Run:
    """One run being recorded. advance() and detail() note the news; the heartbeat's thread writes them."""

    def __init__(self, name: str, now: datetime, caller: str, item: QueueItem | None) -> None:
        self._began, self._now = time.monotonic(), now
        self._done = 0
        self._total: int | None = None
        self._detail: dict[str, Any] = {}
        self._own = OwnConnection()
        worker = f"{socket.gethostname()}:{os.getpid()}"[:120]
        self.id: int = self._own.execute(_START, [name, now, worker, caller])[0][0]
        if item:
            self._own.execute(_NAME_RUN, [self.id, item.pk, item.attempts])
        self._heartbeat = Heartbeat(
            self._beat, every=BEAT_EVERY, pause=WRITE_EVERY, name=f"heartbeat of {name}"
        )

    def advance(self, done: int, total: int | None = None) -> None:
        """How much is done, of how much in all where that is known. Cheap: call it as often as you like."""
        self._done = done
        self._total = total if total is not None else self._total
        self._heartbeat.nudge()

    def detail(self, **facts: Any) -> None:
        """Add facts for the jobs page, no personal data. Raises TypeError on what JSON cannot hold."""
        self._detail = {**self._detail, **json.loads(json.dumps(facts, cls=DjangoJSONEncoder))}
        self._heartbeat.nudge()

    def finish(self, state: RunState, failure: str = "") -> None:
        """Write how it ended and let the connection go. A run given up as lost tells its end after all.

        Without a database it is swept as lost later; the job itself went as it went.
        """
        self._heartbeat.stop()
        finished = self._now + timedelta(seconds=time.monotonic() - self._began)
        with suppress(DatabaseError):
            self._own.execute(_FINISH, [state, finished, failure, *self._facts()])
        self._own.close()

    def _beat(self) -> None:
        self._own.execute(_BEAT, self._facts())

    def _facts(self) -> list[Any]:
        return [self._done, self._total, Jsonb(self._detail), self.id]


@contextmanager
def record(
    name: str, *, now: datetime, caller: str = "command", item: QueueItem | None = None
) -> Iterator[Run]:
    """Record a run of a job: `caller` says what started it (command, beat, web …), `item` what it attempts.

    An exception in the body is recorded in words and goes on; KeyboardInterrupt and SystemExit too.
    """
    run = Run(name, now, caller, item)
    try:
        yield run
    except Cancelled:
        run.finish(RunState.SUCCEEDED)
        raise
    except BaseException as error:
        run.detail(trace=frames(error))
        run.finish(RunState.FAILED, describe_error(error))
        raise
    run.finish(RunState.SUCCEEDED)


def describe_error(error: BaseException) -> str:
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
    """Mark runs as lost whose heartbeat stopped 5 minutes ago or more; returns how many.

    A heartbeat from the future was given before the clock was set back, and is none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, [LOST_AFTER.total_seconds()])
        silent = [row[0] for row in cursor.fetchall()]
    return mark_lost(silent, now)


def mark_lost(ids: Sequence[int], now: datetime) -> int:
    """Mark runs as lost that are still said to be running; returns how many."""
    running = JobRun.objects.filter(pk__in=ids, state=RunState.RUNNING)
    return running.update(
        state=RunState.LOST,
        finished_at=Greatest(Value(now), F("started_at")),
        failure="Worker stopped unexpectedly.",
    )


def prune(now: datetime) -> int:
    """Forget runs that ended 30 days ago or more, the last of each name excepted; returns how many."""
    newest = [run.id for run in JobRun.objects.order_by("name", "-started_at").distinct("name").only("id")]
    return JobRun.objects.filter(finished_at__lte=now - KEEP).exclude(id__in=newest).delete()[0]


def latest(names: Sequence[str]) -> dict[str, JobRun]:
    """The latest run of each of the named jobs that ever ran, in one query."""
    # Uses index: jobrun_by_name
    runs = JobRun.objects.filter(name__in=names).order_by("name", "-started_at").distinct("name")
    return {run.name: run for run in runs}
