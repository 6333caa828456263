"""Uploaded files, encrypted block by block: nothing of them is stored in plain, not for a moment.

They go through the storage "uploads" of Django's STORAGES, so that web server and workers may be on different
machines. A storage has to open files for writing and for reading from any place, piece by piece.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any
from uuid import uuid4

from django.core.files.storage import Storage, storages

from crm.imports.errors.file_errors import FileRejected
from crm.runtime.secrets.crypto import SEALED_MORE, DecryptionFailed, decrypt_bytes, encrypt_bytes

BLOCK = 1 << 20  # bytes of the file in each encrypted block, the last excepted
ALIAS = "uploads"
_SUFFIX = ".sealed"


def list_files() -> Iterator[tuple[str, float]]:
    """Every encrypted file there is: its name and when it was last written (seconds since 1970)."""
    for stored in _storage().listdir("")[1]:
        if stored.endswith(_SUFFIX):
            with suppress(FileNotFoundError):  # removed since
                written = _storage().get_modified_time(stored).timestamp()
                yield stored.removesuffix(_SUFFIX), written


def remove(name: str) -> None:
    """Forget a file; one that is gone already is fine."""
    _storage().delete(_stored(name))


def exists(name: str) -> bool:
    return bool(name) and _storage().exists(_stored(name))


def _storage() -> Storage:
    return storages[ALIAS]


def _stored(name: str) -> str:
    return f"{name}{_SUFFIX}"


def _label(name: str, block: int) -> str:
    return f"upload {name} {block}"  # so no block can be moved to another place or file


class Writer:
    """Seals what is written to it. Call close() at the end, or discard()."""

    def __init__(self) -> None:
        self.name = uuid4().hex
        self.size = 0
        self._blocks = 0
        self._waiting = bytearray()
        self._file = _storage().open(_stored(self.name), "wb")

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
        """Store the rest. Raises what the storage raises, a full disk for instance: then discard()."""
        if self._waiting:
            self._seal(bytes(self._waiting))
            self._waiting.clear()
        self._file.close()

    def discard(self) -> None:
        """Leave nothing of it; may be called more than once."""
        self._waiting.clear()
        with suppress(Exception):  # on a full disk what is still in memory cannot be written
            self._file.close()
        remove(self.name)


class _Opened(io.RawIOBase):
    """An encrypted file read in plain, from any place.

    Raises FileRejected where the storage does not have it, or cannot be reached; DecryptionFailed on a
    damaged one.
    """

    def __init__(self, name: str, size: int, filename: str) -> None:
        self._name, self._size, self._filename, self._at = name, size, filename, 0
        self._number, self._block = -1, b""
        try:
            self._file = _storage().open(_stored(name), "rb")
        except Exception as error:  # each storage has errors of its own
            raise self._out_of_reach() from error

    def _out_of_reach(self) -> FileRejected:
        return FileRejected("out_of_reach", name=self._filename)

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
            sealed = self._read_block(number)
            self._number, self._block = number, decrypt_bytes(_label(self._name, number), sealed)
        part = self._block[within : within + len(buffer)]
        if not part:
            raise DecryptionFailed(f"upload {self._name}: shorter than it was")
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _read_block(self, number: int) -> bytes:
        try:
            self._file.seek(number * (BLOCK + SEALED_MORE))
            return bytes(self._file.read(BLOCK + SEALED_MORE))
        except Exception as error:
            raise self._out_of_reach() from error

    def close(self) -> None:
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
        super().close()


def open_file(name: str, size: int, filename: str = "") -> IO[bytes]:
    """The file in plain, as a stream. Raises FileRejected, which calls it by `filename`."""
    return io.BufferedReader(_Opened(name, size, filename or name), BLOCK)
