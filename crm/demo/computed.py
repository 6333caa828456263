"""Keep answers of rules until each is computed.

A rule is computed once all transactions are over that began before it was known. They may be of others who
work in the same database: the demonstration waits for them, and what follows finds the answers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TypeVar

Kept = TypeVar("Kept")
LONGEST = 300.0  # seconds
BETWEEN = 0.1


def keep_until_computed(keep: Callable[[], Kept], is_waiting: Callable[[], bool]) -> Iterator[Kept]:
    """What each run did, until nothing waits or the longest wait is over."""
    until = time.monotonic() + LONGEST
    yield keep()
    while is_waiting() and time.monotonic() < until:
        time.sleep(BETWEEN)
        yield keep()
