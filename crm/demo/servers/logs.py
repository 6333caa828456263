"""Logs of the demonstration's servers: kept over starts, bounded in size."""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import IO

LARGEST = 5 << 20  # bytes of one file
KEPT = 3  # older files beside it: name.log.1 is the youngest


class RotatingLog:
    """Appends what comes out of a pipe to a file, in a thread; `source` is the end to read from."""

    def __init__(self, path: Path, name: str, source: IO[bytes]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self._source = path, source
        self._write(f"--- {name}, started {time.strftime('%Y-%m-%d %H:%M:%S%z')}\n".encode())
        self._thread = threading.Thread(target=self._run, name=f"log of the {name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._source:
            for line in self._source:
                with suppress(OSError):  # a full disk must not stop who writes
                    self._write(line)

    def _write(self, line: bytes) -> None:
        if self.path.exists() and self.path.stat().st_size + len(line) > LARGEST:
            rotate(self.path)
        with self.path.open("ab") as file:
            file.write(line)

    def tail(self, lines: int) -> list[str]:
        """The last lines of this start, once its process has ended."""
        self._thread.join(1)  # a child that lives on may hold the pipe
        with self.path.open(errors="replace") as file:
            return list(deque(file, lines))


def rotate(path: Path) -> None:
    """Move a full log aside; the oldest one goes."""
    for number in range(KEPT, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        newer = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
        if newer.exists():
            newer.replace(older)
