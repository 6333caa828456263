"""Uploaded files, encrypted block by block: nothing of them stands on the disk in plain, not for a moment."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings

from crm.runtime.secrets.crypto import SEALED_MORE, DecryptionFailed, decrypt_bytes, encrypt_bytes

BLOCK = 1 << 20  # bytes of the file in each encrypted block, the last excepted


def folder() -> Path:
    """Where encrypted uploads lie, made on first use and closed to others."""
    path: Path = settings.VAR_DIR / "uploads"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def list_files() -> Iterator[tuple[str, float]]:
    """Every encrypted file there is: its name and when it was last written (seconds since 1970)."""
    for path in folder().glob("*.sealed"):
        yield path.stem, path.stat().st_mtime


def remove(name: str) -> None:
    """Forget a file; one that is gone already is fine."""
    _path(name).unlink(missing_ok=True)


def exists(name: str) -> bool:
    return bool(name) and _path(name).exists()


def _path(name: str) -> Path:
    return folder() / f"{name}.sealed"


def _label(name: str, block: int) -> str:
    return f"upload {name} {block}"  # so no block can be moved to another place or file


class Writer:
    """Seals what is written to it. Call close() at the end, or discard()."""

    def __init__(self) -> None:
        self.name = uuid4().hex
        self.size = 0
        self._blocks = 0
        self._waiting = bytearray()
        self._file = _path(self.name).open("xb")
        _path(self.name).chmod(0o600)

    def write(self, data: bytes) -> None:
        self.size += len(data)
        self._waiting += data
        while len(self._waiting) >= BLOCK:
            self._seal(bytes(self._waiting[:BLOCK]))
            del self._waiting[:BLOCK]

    def _seal(self, data: bytes) -> None:
        self._file.write(encrypt_bytes(_label(self.name, self._blocks), data))
        self._blocks += 1

    def close(self) -> None:
        if self._waiting:
            self._seal(bytes(self._waiting))
            self._waiting.clear()
        self._file.close()

    def discard(self) -> None:
        self._file.close()
        remove(self.name)


class _Opened(io.RawIOBase):
    """An encrypted file read in plain, from any place. Raises DecryptionFailed on a damaged one."""

    def __init__(self, name: str, size: int) -> None:
        self._name, self._size, self._at = name, size, 0
        self._file = _path(name).open("rb")
        self._number, self._block = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, BLOCK)
        if number != self._number:
            self._file.seek(number * (BLOCK + SEALED_MORE))
            sealed = self._file.read(BLOCK + SEALED_MORE)
            self._number, self._block = number, decrypt_bytes(_label(self._name, number), sealed)
        part = self._block[within : within + len(buffer)]
        if not part:
            raise DecryptionFailed(f"upload {self._name}: shorter than it was")
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_file(name: str, size: int) -> IO[bytes]:
    """The file in plain, as a stream. Raises FileNotFoundError."""
    return io.BufferedReader(_Opened(name, size), BLOCK)
