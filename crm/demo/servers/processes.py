"""Processes that live no longer than the one that started them, whatever ends it: kill -9 too (guard.py)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from crm.demo.servers import guard
from crm.demo.servers.logs import RotatingLog

GRACE = 6.0  # seconds to end by themselves; every job survives being killed
STEADY = 10.0  # seconds that a server ran before its end is an accident and no fault of its own
ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Ctrl-C, a request to end, or a closed terminal; not an error, so not an Exception."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class Failed(RuntimeError):
    """A process ended when it should not have; the message names it and where to read more."""


@dataclass
class Kept:
    """A server that is to run on."""

    command: Sequence[str]
    environment: dict[str, str]
    log: RotatingLog
    begun: float = field(default_factory=time.monotonic)


class Group:
    """Starts processes in sessions of their own: a Ctrl-C reaches only this one, which then ends them all.

    As a context manager it turns the signals in ENDS into Stopped; in `with group.undisturbed()` they wait.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder  # where logs go
        self.environment = dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._kept: dict[str, Kept] = {}
        self._guard: subprocess.Popen[str] | None = None
        self._database: Path | None = None
        self._disturbed: int | None = None
        self._deaf = False

    def __enter__(self) -> Group:
        for number in ENDS:
            signal.signal(number, self._hear)
        self._start_guard()
        return self

    def __exit__(self, *_: object) -> None:
        self._deaf = True  # a second Ctrl-C must not leave half of them running
        self.stop()
        self._tell_guard("done")
        if self._guard:
            self._guard.wait()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        if self._deaf:
            self._disturbed = number
            return
        raise Stopped(number)

    def _start_guard(self) -> None:
        command = [sys.executable, "-P", str(Path(guard.__file__))]
        pipe = subprocess.PIPE
        self._guard = subprocess.Popen(command, stdin=pipe, text=True, bufsize=1, start_new_session=True)
        if self._database:
            self._tell_guard(f"database {self._database}")
        for process in self._running.values():
            self._tell_guard(f"group {process.pid}")

    def _tell_guard(self, line: str) -> None:
        if self._guard and self._guard.stdin:
            with suppress(OSError):  # it was killed; check() starts another
                self._guard.stdin.write(f"{line}\n")

    def guard_database(self, folder: Path) -> None:
        """Stop the embedded server of this folder too where we are killed."""
        self._database = folder
        self._tell_guard(f"database {folder}")

    def undisturbed(self) -> Undisturbed:
        """A stretch that must be finished once begun: a signal takes effect at its end."""
        return Undisturbed(self)

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run a step to its end, its output on our own. Raises Failed."""
        with self.undisturbed():
            process = self._start(name, command, self.environment, None)
        if process.wait():
            raise Failed(f"{name} failed. See the reason above.")
        self._forget(name)

    def keep(self, name: str, command: Sequence[str]) -> None:
        """Start a server that is to run on; its output is appended to its log."""
        self._keep(name, command, dict(self.environment))

    def _keep(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        with self.undisturbed():
            process = self._start(name, command, environment, subprocess.PIPE)
            assert process.stdout is not None
            self._kept[name] = Kept(command, environment, RotatingLog(self.log(name), name, process.stdout))

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def check(self) -> list[str]:
        """Start servers again that ended after a while; returns which.

        Raises Failed where one ended soon after its start, with the end of its log.
        """
        if self._guard and self._guard.poll() is not None:
            self._start_guard()
        ended = [name for name, process in self._running.items() if process.poll() is not None]
        for name in ended:
            kept = self._kept[name]
            if time.monotonic() - kept.begun < STEADY:
                told = "\n".join(["", *(f"  {line.rstrip()}" for line in kept.log.tail(15))])
                raise Failed(f"The {name} stopped unexpectedly ({self.log(name)}):{told}")
            self._kill(self._running[name])  # its head is gone, a child of it may not be
            self._forget(name)
            self._keep(name, kept.command, kept.environment)
        return ended

    def _start(
        self, name: str, command: Sequence[str], environment: dict[str, str], output: int | None
    ) -> subprocess.Popen[bytes]:
        process = self._running[name] = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
        self._tell_guard(f"group {process.pid}")
        return process

    def stop(self) -> None:
        """End all of them and what they started: asked first, then made to."""
        for process in self._running.values():
            process.terminate()  # only the head: it ends those below it in its own way
        until = time.monotonic() + GRACE
        for process in self._running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
        for name in list(self._running):
            self._kill(self._running[name])
            self._forget(name)

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        """End a process and all that it started, whether it still lives or not."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _forget(self, name: str) -> None:
        self._tell_guard(f"over {self._running.pop(name).pid}")


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
