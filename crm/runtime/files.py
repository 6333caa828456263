"""Files that several processes share."""

from __future__ import annotations

import contextlib
import fcntl
import os
import uuid
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def exclusive_lock(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; the system frees it when its holder dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, content: str) -> None:
    """Write a file that others see whole or not at all."""
    draft = path.with_name(f".{uuid.uuid4().hex}")
    draft.write_text(content)
    os.replace(draft, path)
