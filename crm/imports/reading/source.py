"""A file as it comes: compressed or not, in any encoding that can be told; handed out in whole records."""

from __future__ import annotations

import csv
import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from crm.imports.kinds import Kind
from crm.imports.reading import encodings
from crm.imports.reading.file_errors import FileRejected
from crm.imports.reading.options import ReadingOptions

BLOCK = 1 << 20
MAX_LINE = 64 << 20
DELIMITERS = ",;\t|"
BOMB = 200  # times its size: what unpacks to more, and to more than BOMB_FROM bytes, is refused
BOMB_FROM = 256 << 20
_OTHERS = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "old_workbook"),
    (b"%PDF", "pdf"),
    (b"<!DOCTYPE", "web_page"),
    (b"<!doctype", "web_page"),
    (b"<html", "web_page"),
)


@dataclass(frozen=True)
class Chunk:
    """Some whole records: raw bytes, and the file's line number of the first."""

    data: bytes
    line: int
    final: bool  # nothing follows


class Source:
    """A CSV file opened for reading. Raises FileRejected where it cannot be used at all.

    `headings` are the columns as the file names them; `header` names ours, the same in lower case unless
    somebody sets it. `thorough`: a compressed file is read to its end first, so that nothing of a broken one
    is stored.
    """

    def __init__(
        self,
        disk: IO[bytes],
        name: str,
        total: int,
        *,
        thorough: bool = True,
        options: ReadingOptions | None = None,
    ) -> None:
        self.name, self.total, self.options = name, total, options or ReadingOptions()
        self.encoding = ""  # known once a byte beyond ASCII was seen
        self.delimiter = ","
        self.line = 1
        self._hash = hashlib.sha256()
        self._rest = b""
        self._ended = False
        self._disk = self._file = disk
        try:
            if self._disk.peek(2)[:2] == b"\x1f\x8b":  # type: ignore[attr-defined]  # buffered readers have it
                if thorough:
                    self._check_archive()
                self._file = gzip.GzipFile(fileobj=self._disk)  # type: ignore[assignment]  # reads bytes too
            self.headings = self._read_header()
        except BaseException:
            self._disk.close()
            raise
        self.header = [name.lower() for name in self.headings]

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

    @property
    def beginning(self) -> str:
        """What tells this file from others before it was read: SHA-256 of its size and first megabyte."""
        return hashlib.sha256(f"{self.total} {self._first}".encode()).hexdigest()

    def _check_archive(self) -> None:
        unpacked = 0
        try:
            with gzip.GzipFile(fileobj=self._disk) as archive:
                while block := archive.read(BLOCK):
                    unpacked += len(block)
                    if unpacked > BOMB_FROM and unpacked > BOMB * self._disk.tell():
                        raise FileRejected("bomb", name=self.name, times=BOMB)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileRejected("damaged_archive", name=self.name, why=str(error)) from error
        self._disk.seek(0)

    def _block(self) -> bytes:
        try:
            block = self._file.read(BLOCK)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileRejected("damaged_archive", name=self.name, why=str(error)) from error
        except UnicodeDecodeError as error:
            raise FileRejected("broken_text", name=self.name, encoding=error.encoding.upper()) from error
        self._hash.update(block)
        return block

    def _read_header(self) -> list[str]:
        self._rest = start = self._block()
        self._first = hashlib.sha256(start).hexdigest()
        if not start:
            raise FileRejected("empty", name=self.name)
        for sign, what in _OTHERS:
            if start.startswith(sign):
                raise FileRejected(what, name=self.name)
        first, newline, self._rest = self._after_mark(start).partition(b"\n")
        if not newline:
            more = self._block()
            if more:
                raise FileRejected("one_line", name=self.name)
        if b"\0" in first or b"\r" in first.removesuffix(b"\r"):
            raise FileRejected("line_breaks", name=self.name)
        if not self.encoding and not first.isascii():
            self.encoding = self._recognise(start)
        self.line = 2
        text = first.decode(self.encoding or "utf-8", "replace").removesuffix("\r")
        if not text.strip():
            raise FileRejected("no_header", name=self.name)
        # The one that gives the most columns; where two give as many, the comma.
        split = {mark: next(csv.reader([text], delimiter=mark)) for mark in DELIMITERS}
        self.delimiter = max(DELIMITERS, key=lambda mark: len(split[mark]))
        return [name.strip() for name in split[self.delimiter]]

    def _after_mark(self, start: bytes) -> bytes:
        """The first block behind the mark of its encoding; what is read from here on is UTF-8 or GB18030."""
        encoding, length = encodings.read_mark(start)
        start = start[length:]
        if encoding.startswith("utf-") and encoding != "utf-8":
            self._file = encodings.Transcoded(start, self._file, encoding)  # type: ignore[assignment]  # reads bytes too
            encoding = "utf-8"
            start = self._block()
        elif not encoding and encodings.is_utf16(start):
            raise FileRejected("encoding", name=self.name, encodings="UTF-16")
        self.encoding = encoding
        return start

    def _recognise(self, data: bytes) -> str:
        try:
            return encodings.recognise(data)
        except encodings.UnknownEncoding as error:
            raise FileRejected("encoding", name=self.name, encodings=", ".join(error.likely)) from error

    def check_columns(self, kind: Kind) -> None:
        """Raises FileRejected naming what is wrong with the header."""
        unknown = [name for name in self.header if name not in kind.by_name]
        missing = [
            column.name for column in kind.columns if column.required and column.name not in self.header
        ]
        double = sorted({name for name in self.header if self.header.count(name) > 1})
        for names, code in (
            (double, "columns_twice"),
            (unknown, "columns_unknown"),
            (missing, "columns_missing"),
        ):
            if names:
                columns, known = ", ".join(map(repr, names)), ", ".join(kind.by_name)
                raise FileRejected(code, name=self.name, columns=columns, kind=kind.name, known=known)

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
                raise FileRejected("endless_line", name=self.name, line=self.line)
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
            self.encoding = self._recognise(data)
        return chunk

    def put_back(self, data: bytes) -> None:
        """Return the end of the last chunk, to be handed out again with what follows it."""
        self.line -= data.count(b"\n")
        self._rest = data + self._rest


def open_source(path: Path, options: ReadingOptions | None = None) -> Source:
    """The file at a path, opened. Raises FileRejected."""
    try:
        return Source(path.open("rb"), path.name, path.stat().st_size, options=options)
    except OSError as error:
        raise FileRejected("unreadable", name=str(path), why=error.strerror or "") from error


def _record_end(data: bytes) -> int:
    """Where the last record that ends in `data` ends: a line break after an even number of quotes."""
    cut = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, cut) % 2
    while cut and odd:
        before = data.rfind(b"\n", 0, cut - 1) + 1
        odd = (odd + data.count(b'"', before, cut)) % 2
        cut = before
    return cut
