"""Work through the queue: claim, carry out, record how it ended, until nothing is due."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection

from crm.runtime.background.jobs import Cancelled, describe_error, frames
from crm.runtime.models import QueueItem
from crm.runtime.queue import kinds
from crm.runtime.queue.claim import Reader
from crm.runtime.queue.finish import end, put_off
from crm.runtime.queue.kinds import CANCELLED, Failure, Kind
from crm.runtime.queue.lease import LeaseLost, extended

# What may pass by itself: the connection was lost, the server is restarting, two transactions locked each
# other out.
PASSING = (OperationalError, InterfaceError)
FIRST_DELAY, GROWTH = timedelta(seconds=10), 6  # then a minute, six minutes


class Retry(Exception):
    """Raised by a handler: not now, but again after `after`, as long as attempts are left."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"again after {after}")
        self.after = after


def drain(clock: Callable[[], datetime], names: Sequence[str] = ()) -> int:
    """Carry out what is due of these kinds, of all where none is named; returns how many items were claimed.

    Any number of workers may do so at once. Kinds take turns, batch by batch. `clock` gives the business
    now. What goes wrong with an item is on record with it and goes no further; an error of the queue itself
    is raised at the end, after the other kinds have had their turn.
    """
    claimed, errors = 0, []
    turns = deque(_Turn(kinds.get(name), clock) for name in names or kinds.names())
    while turns:
        turn = turns.popleft()
        try:
            found = turn.take()
        except Exception as error:
            errors.append(error)
            continue
        if found:
            claimed += found
            turns.append(turn)
    if errors:
        raise errors[0]
    return claimed


class _Turn:
    """One kind of a drain."""

    def __init__(self, kind: Kind, clock: Callable[[], datetime]) -> None:
        self._kind, self._clock = kind, clock
        self._reader = Reader(kind.name, kind.batch)

    def take(self) -> int:
        """Carry out the next batch; returns its size, 0 where nothing is due."""
        now = self._clock()
        items = self._reader.claim(now)
        if items:
            # What went wrong is told by the items, in words without what may be personal.
            with suppress(Exception), attempt(items, now):
                self._kind.work(items, now)
        return len(items)


@contextmanager
def attempt(items: list[QueueItem], now: datetime) -> Iterator[None]:
    """Extend the leases of items of one kind while the body works on them, and record how that failed.

    The body completes each item, or ends it or puts it off. An error ends those still held, or puts them
    off where it may pass by itself, and is raised again; only Cancelled goes no further.
    """
    begun = time.monotonic()
    with extended(items):
        try:
            yield
        except Cancelled:
            end(items, CANCELLED, now + timedelta(seconds=time.monotonic() - begun))
        except BaseException as error:
            if isinstance(error, PASSING):
                connection.close_if_unusable_or_obsolete()
            # Without the database they are taken up again when their lease has run out.
            with suppress(DatabaseError):
                _settle(items, error, now + timedelta(seconds=time.monotonic() - begun))
            raise


def _settle(items: list[QueueItem], error: BaseException, now: datetime) -> None:
    """Put off those that may be tried again after this error, end the others.

    Those whose lease was lost are no longer ours: whoever has them tells how they end.
    """
    spent = items
    is_told_to_stop = not isinstance(error, Exception)
    if is_told_to_stop or isinstance(error, (*PASSING, LeaseLost, Retry)):
        spent = [item for item in items if item.attempts >= item.most_attempts]
        left = [item for item in items if item.attempts < item.most_attempts]
        for attempts, group in groupby(sorted(left, key=attrgetter("attempts")), attrgetter("attempts")):
            put_off(list(group), _delay(error, attempts))
    if spent:
        explained = kinds.get(items[0].kind).explain(error) or ("error", {"error": describe_error(error)})
        end(spent, Failure(*explained, trace=tuple(frames(error))), now)


def _delay(error: BaseException, attempts: int) -> timedelta:
    if isinstance(error, Retry):
        return error.after
    return FIRST_DELAY * GROWTH ** (attempts - 1) if isinstance(error, Exception) else timedelta(0)
