"""Storages beside the folder that is the default."""

from __future__ import annotations

from typing import Any

from django.core.files import File
from django.core.files.storage import InMemoryStorage


class Elsewhere(InMemoryStorage):
    """No disk at all; notes how much is handed over at once."""

    largest = 0

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        file = super()._open(name, mode)
        if "w" in mode:
            write = file.write

            def noted(data: bytes) -> int:
                type(self).largest = max(self.largest, len(data))
                return write(data)

            file.write = noted
        return file


class Broken(InMemoryStorage):
    """Fails with an error of its own at the second block that is written."""

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        file = super()._open(name, mode)
        if "w" in mode:
            write, blocks = file.write, []

            def fail(data: bytes) -> int:
                blocks.append(len(data))
                if len(blocks) > 1:
                    raise RuntimeError("the storage does not answer")
                return write(data)

            file.write = fail
        return file
