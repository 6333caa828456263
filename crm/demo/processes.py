"""Processes that live no longer than the one that started them, whatever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

GRACE = 6.0  # seconds to end by themselves; every job survives being killed
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Ctrl-C, a request to end, or a closed terminal; not an error, so not an Exception."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Failed(RuntimeError):
    """A process ended when it should not have; the message names it and where to read more."""


class Group:
    """Starts processes in sessions of their own: a Ctrl-C reaches only this one, which then ends them all.

    As a context manager it turns the signals in ENDS into Stopped; in `with group.undisturbed()` they wait.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder  # where logs go
        self.environment = dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._disturbed: int | None = None
        self._deaf = False

    def __enter__(self) -> Group:
        for number in ENDS:
            signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        self._deaf = True  # a second Ctrl-C must not leave half of them running
        self.stop()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._deaf:
            self._disturbed = number
            return
        raise Stopped(number)

    def undisturbed(self) -> Undisturbed:
        """A stretch that must be finished once begun: a signal takes effect at its end."""
        return Undisturbed(self)

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run a step to its end, its output on our own. Raises Failed."""
        with self.undisturbed():
            process = self._start(name, command, None)
        if process.wait():
            raise Failed(f"{name} failed; the reason is above.")
        del self._running[name]

    def keep(self, name: str, command: Sequence[str]) -> None:
        """Start a server that is to run on; its output goes to its log."""
        with self.undisturbed():
            self._start(name, command, self.log(name))

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def check(self) -> None:
        """Raises Failed where a kept process has ended, with the end of its log."""
        for name, process in self._running.items():
            if process.poll() is not None:
                lines = self.log(name).read_text(errors="replace").splitlines()[-15:]
                told = "\n".join(["", *(f"  {line}" for line in lines)])
                raise Failed(f"The {name} ended by itself ({self.log(name)}):{told}")

    def _start(self, name: str, command: Sequence[str], log: Path | None) -> subprocess.Popen[bytes]:
        if log is None:
            output = None
        else:
            log.parent.mkdir(parents=True, exist_ok=True)
            output = log.open("wb")
        try:
            self._running[name] = subprocess.Popen(
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
            )
        finally:
            if output:
                output.close()
        return self._running[name]

    def stop(self) -> None:
        """End all of them and what they started: asked first, then made to."""
        for process in self._running.values():
            process.terminate()  # only the head: it ends those below it in its own way
        until = time.monotonic() + GRACE
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
        for process in self._running.values():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)  # its head may be gone, a child of it not
            process.wait()
        self._running.clear()


class Undisturbed:
    """See Group.undisturbed."""

    def __init__(self, group: Group) -> None:
        self.group = group

    def __enter__(self) -> None:
        self.group._deaf = True

    def __exit__(self, *_: object) -> None:
        self.group._deaf = False
        if self.group._disturbed is not None:
            raise Stopped(self.group._disturbed)
