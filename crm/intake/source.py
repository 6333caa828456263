"""A file as it comes: compressed or not, in UTF-8 or GB18030; handed out in whole records."""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from crm.intake.kinds import Kind

BLOCK = 1 << 20
MAX_LINE = 64 << 20
BOM_GB18030 = b"\x84\x31\x95\x33"


class Unusable(ValueError):
    """Nothing of the file can be taken; the message says why and what would help."""


@dataclass(frozen=True)
class Chunk:
    """Some whole records: raw bytes, and the file's line number of the first."""

    data: bytes
    line: int
    final: bool  # nothing follows


class Source:
    """A CSV file opened for reading. Raises Unusable where it cannot be used at all."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = ""  # known once a byte beyond ASCII was seen
        self.line = 1
        self._hash = hashlib.sha256()
        self._rest = b""
        self._ended = False
        try:
            self._disk: IO[bytes] = path.open("rb")
        except OSError as error:
            raise Unusable(f"{path}: cannot be read ({error.strerror})") from error
        self._file = self._disk
        self.total = path.stat().st_size
        try:
            if self._disk.peek(2)[:2] == b"\x1f\x8b":
                self._check_archive()
                self._file = gzip.GzipFile(fileobj=self._disk)  # type: ignore[assignment]  # reads bytes too
            self.header = self._read_header()
        except BaseException:
            self._disk.close()
            raise

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._disk.close()

    @property
    def done(self) -> int:
        """Bytes on disk read so far."""
        return self._disk.tell()

    @property
    def digest(self) -> str:
        """SHA-256 of the content, once all of it was read."""
        return self._hash.hexdigest()

    def _check_archive(self) -> None:
        """Read a compressed file once to its end, so that nothing of a broken one is stored."""
        try:
            with gzip.GzipFile(fileobj=self._disk) as archive:
                while archive.read(BLOCK):
                    pass
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Unusable(
                f"{self.path.name}: the compressed file is damaged or cut short ({error})"
            ) from error
        self._disk.seek(0)

    def _block(self) -> bytes:
        block = self._file.read(BLOCK)
        self._hash.update(block)
        return block

    def _read_header(self) -> list[str]:
        self._rest = self._block()
        start = self._rest
        if not start:
            raise Unusable(f"{self.path.name}: the file is empty")
        if start.startswith(b"PK\x03\x04"):
            raise Unusable(f"{self.path.name}: a zip archive or an Excel workbook, not CSV; save it as CSV")
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Unusable(f"{self.path.name}: UTF-16 text; save it as UTF-8")
        if start.startswith(codecs.BOM_UTF8):
            self.encoding = "utf-8"
            self._rest = start[len(codecs.BOM_UTF8) :]
        elif start.startswith(BOM_GB18030):
            self.encoding = "gb18030"
            self._rest = start[len(BOM_GB18030) :]
        first, newline, self._rest = self._rest.partition(b"\n")
        if not newline:
            more = self._block()
            if more:
                raise Unusable(f"{self.path.name}: not a CSV file (no line break in its first megabyte)")
        if b"\0" in first or b"\r" in first.removesuffix(b"\r"):
            raise Unusable(f"{self.path.name}: not a CSV file with line breaks LF or CR LF")
        self.line = 2
        text = first.decode("utf-8", "replace").removesuffix("\r")
        if not text.strip():
            raise Unusable(f"{self.path.name}: the first line is empty; it must name the columns")
        return [name.strip().lower() for name in next(csv.reader([text]))]

    def check_columns(self, kind: Kind) -> None:
        """Raises Unusable naming what is wrong with the header."""
        unknown = [name for name in self.header if name not in kind.by_name]
        missing = [
            column.name for column in kind.columns if column.required and column.name not in self.header
        ]
        double = sorted({name for name in self.header if self.header.count(name) > 1})
        if len(self.header) == 1 and unknown and any(mark in self.header[0] for mark in ";\t"):
            raise Unusable(f"{self.path.name}: columns must be separated by commas")
        for names, what in ((double, "named twice"), (unknown, "not known"), (missing, "missing")):
            if names:
                known = ", ".join(kind.by_name)
                raise Unusable(
                    f"{self.path.name}: column {', '.join(map(repr, names))} {what}; {kind.name} has {known}"
                )

    def chunk(self, size: int) -> Chunk | None:
        """About `size` bytes of whole records, or None at the end."""
        parts, length = [self._rest], len(self._rest)
        self._rest = b""
        while not self._ended:
            while length < size and not self._ended:
                block = self._block()
                self._ended = not block
                parts.append(block)
                length += len(block)
            if self._ended:
                break
            data = b"".join(parts)
            cut = _record_end(data)
            if not cut and length >= 2 * size:  # a quote that never closes: the careful reader finds which
                cut = data.rfind(b"\n") + 1
            if not cut and length > MAX_LINE:
                raise Unusable(f"{self.path.name}: line {self.line} never ends; not a CSV file")
            if cut:
                self._rest = data[cut:]
                return self._hand_out(data[:cut], final=False)
            parts, size = [data], size + BLOCK
        data = b"".join(parts).rstrip(b"\r\n")
        return self._hand_out(data + b"\n", final=True) if data else None

    def _hand_out(self, data: bytes, *, final: bool) -> Chunk:
        chunk = Chunk(data, self.line, final)
        self.line += data.count(b"\n")
        if not self.encoding and not data.isascii():
            self.encoding = _guess(data)
        return chunk

    def put_back(self, data: bytes) -> None:
        """Return the end of the last chunk, to be handed out again with what follows it."""
        self.line -= data.count(b"\n")
        self._rest = data + self._rest


def _record_end(data: bytes) -> int:
    """Where the last record that ends in `data` ends: a line break after an even number of quotes."""
    cut = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, cut) % 2
    while cut and odd:
        before = data.rfind(b"\n", 0, cut - 1) + 1
        odd = (odd + data.count(b'"', before, cut)) % 2
        cut = before
    return cut


def _guess(data: bytes) -> str:
    """UTF-8 unless most lines beyond ASCII cannot be read so; a few damaged lines do not decide it.

    Chinese text in GB18030 is almost never valid UTF-8, while the reverse happens often.
    """
    lines = [line for line in data.split(b"\n") if not line.isascii()][:2000]
    return "utf-8" if 2 * sum(map(_is_utf8, lines)) >= len(lines) else "gb18030"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
