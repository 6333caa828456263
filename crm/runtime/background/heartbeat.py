"""A thread that shows that work goes on, through a statement of many minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from django.db import Error as DatabaseError


class Heartbeat:
    """Calls `beat` in a thread: `every` seconds, and `pause` seconds after a nudge at the earliest."""

    def __init__(self, beat: Callable[[], object], *, every: float, pause: float, name: str) -> None:
        self._beat, self._every, self._pause = beat, every, pause
        self._over, self._news = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """There is something to tell."""
        self._news.set()

    def stop(self) -> None:
        """Beat no more; a beat under way is waited for."""
        self._over.set()
        self._news.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(self._pause):
            self._news.wait(self._every - self._pause)
            self._news.clear()
            if self._over.is_set():
                return
            # A beat that fails must not end the work: unheard long enough, others take it for dead.
            with suppress(DatabaseError):
                self._beat()
