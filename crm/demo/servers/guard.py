"""Ends what a demonstration started once the demonstration is gone, however it went; kill -9 included.

A process of its own that reads from a pipe: the demonstration alone holds the other end, which closes with it
on every system. Started by processes.py as a file, since it has to be there before anything slow is imported.
Its lines: `group N` and `over N` (a process group), `database FOLDER`, `done` (nothing is left).
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
HALF_STARTED = 2.0  # seconds after which a server that was being started can be seen


def main() -> int:
    """Returns the exit code: 0 nothing was left to do, 1 the demonstration was killed."""
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends with the demonstration only
    groups: set[int] = set()
    database: Path | None = None
    for line in sys.stdin:
        what, _, value = line.rstrip("\n").partition(" ")
        if what == "group":
            groups.add(int(value))
        elif what == "over":
            groups.discard(int(value))
        elif what == "database":
            database = Path(value)
        elif what == "done":
            return 0
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    if database:
        stop_database(database)
    return 1


def stop_database(folder: Path) -> None:
    """Stop the embedded server unless somebody else uses it."""
    sys.path.insert(0, str(ROOT))
    from crm.runtime.database import embedded

    embedded.stop_unused(folder)
    time.sleep(HALF_STARTED)
    embedded.stop_unused(folder)


if __name__ == "__main__":
    sys.exit(main())
