"""A file as it comes: compressed or not, in any encoding that can be told; handed out in whole records."""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from crm.imports.errors.file_errors import FileRejected
from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.reading import encodings
from crm.imports.reading.records import Chunk
from crm.imports.tables.find import MOST_COLUMNS, NoTable, Table, find_table
from crm.imports.tables.layout import BadColumnMapping, Layout
from crm.imports.tables.signs import propose_signed
from crm.imports.vocabulary import headings
from crm.imports.workbooks import sheet
from crm.imports.workbooks.sheet import SheetRows
from crm.staff.privacy.personal import looks_personal

BLOCK = 1 << 20
MAX_LINE = 64 << 20
BOMB = 200  # times its size: what unpacks to more, and to more than BOMB_FROM bytes, is refused
BOMB_FROM = 256 << 20
_FIRST = 256 << 10  # bytes in which the table begins
_IN_QUOTES = re.compile(r"(['\"`“”‘’«»]).*['\"`“”‘’«»]", re.DOTALL)
_BARE_CR = re.compile(rb"\r(?![\n\r]|\Z)")
_OTHERS = (
    (sheet.OLD_SIGN, "old_workbook"),
    (b"%PDF", "pdf"),
    (b"<!DOCTYPE", "web_page"),
    (b"<!doctype", "web_page"),
    (b"<html", "web_page"),
)


class Source:
    """A table opened for reading. Raises FileRejected where it cannot be used at all.

    `headings` are the columns as the file names them, `columns` ours for each. `thorough`: a compressed file
    is read to its end first, so that nothing of a broken one is stored.
    """

    def __init__(
        self,
        disk: IO[bytes],
        name: str,
        total: int,
        kind: Kind,
        *,
        thorough: bool = True,
        options: ReadingOptions | None = None,
    ) -> None:
        self.name, self.total, self.kind, self.options = name, total, kind, options or ReadingOptions()
        self.encoding = ""  # known once a byte beyond ASCII was seen
        self._hash = hashlib.sha256()
        self._rest = b""
        self._ended = False
        self._disk = self._file = disk
        self.rows: SheetRows | None = None  # of a workbook
        try:
            start = self._disk.peek(4)[:4]  # type: ignore[attr-defined]  # buffered readers have it
            if start[:2] == b"\x1f\x8b":
                if thorough:
                    self._check_archive()
                self._file = gzip.GzipFile(fileobj=self._disk)  # type: ignore[assignment]  # reads bytes too
            elif start == sheet.SIGN:
                self.rows = SheetRows(self._disk, name, self.options.sheet)
                self._file = self.rows  # type: ignore[assignment]  # reads bytes too
            self.table = self._find_table()
        except BaseException:
            self.close()
            raise
        self._seen: dict[bytes, dict[int, int]] = {}

    @property
    def headings(self) -> list[str]:
        return self.table.headings

    @property
    def layout(self) -> Layout:
        """How the chunk that was handed out last becomes records."""
        return Layout(
            self.kind,
            self.headings,
            self.columns,
            self.table.delimiter,
            self.encoding or "utf-8",
            self.table.needle,
            self.options,
            self.name,
            self._seen,
        )

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._disk.close()
        if self.rows:
            self.rows.close()

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

    def _find_table(self) -> Table:
        """Find the headings; what follows them is left in `_rest`."""
        self._rest = start = self._block()
        self._first = hashlib.sha256(start).hexdigest()
        if not start:
            raise FileRejected("empty", name=self.name)
        for sign, what in _OTHERS:
            if start.startswith(sign):
                encrypted = what == "old_workbook" and sheet.is_encrypted(start)
                raise FileRejected("workbook_encrypted" if encrypted else what, name=self.name)
        self._rest = start if self.rows else self._after_mark(start)
        if b"\n" not in self._rest and not self.rows and self._block():
            raise FileRejected("one_line", name=self.name)
        if self.rows:
            self.encoding = "utf-8"
        try:
            end = self._rest.find(b"\n", _FIRST)
            text = self._text_of(self._rest if end < 0 else self._rest[:end])
            table = find_table(text, self.kind, self.options, cells=bool(self.rows))
        except NoTable as error:
            code = "no_such_line" if error.line else "no_header"
            raise FileRejected(code, name=self.name, line=error.line) from error
        lines = self._rest.split(b"\n", table.line + table.lines - 1)
        self._rest = lines.pop() if len(lines) == table.line + table.lines else b""
        above = b"\n".join(lines)
        if not self.encoding and not above.isascii():
            self.encoding = self._recognise(start)
        if b"\0" in above or (_BARE_CR.search(above) and not self.rows):
            raise FileRejected("line_breaks", name=self.name)
        if len(table.headings) > MOST_COLUMNS:
            raise FileRejected(
                "too_many_columns", name=self.name, columns=len(table.headings), most=MOST_COLUMNS
            )
        if not self.rows and all(map(_IN_QUOTES.fullmatch, filter(None, table.headings))):
            raise FileRejected("odd_quotes", name=self.name, heading=next(filter(None, table.headings)))
        if any(looks_personal(name, names=False) for name in table.headings):
            raise FileRejected("no_names", name=self.name)
        self.line = table.line + table.lines
        columns = headings.match_columns(self.kind, table.headings, self.options.columns)
        self.columns = propose_signed(self.kind, table, columns, self.options, text)
        return table

    def _text_of(self, data: bytes) -> str:
        """The first lines, as well as they can be read; what is needed of them is judged later."""
        encoding = self.encoding or "utf-8"
        if not self.encoding and not data.isascii():
            with suppress(encodings.UnknownEncoding):
                encoding = encodings.recognise(data)
        return data.decode(encoding, "replace")

    def _after_mark(self, start: bytes) -> bytes:
        """The first block behind the mark of its encoding; what is read from here on is UTF-8 or GB18030."""
        encoding, length = encodings.read_mark(start)
        start, decided = start[length:], self.options.encoding.lower()
        if decided and not length:
            encoding = decided
        if encoding and encoding not in ("utf-8", "gb18030"):
            try:
                self._file = encodings.Transcoded(start, self._file, encoding)  # type: ignore[assignment]  # reads bytes too
            except LookupError as error:
                raise FileRejected("bad_encoding", name=self.name, encoding=encoding) from error
            encoding = "utf-8"
            start = self._block()
        elif not encoding and (likely := encodings.unmarked(start)):
            raise FileRejected("encoding", name=self.name, encodings=likely)
        self.encoding = encoding
        return start

    def _recognise(self, data: bytes) -> str:
        try:
            return encodings.recognise(data)
        except encodings.UnknownEncoding as error:
            raise FileRejected("encoding", name=self.name, encodings=", ".join(error.likely)) from error

    def check_columns(self, decided: Iterable[str] = ()) -> None:
        """Raises FileRejected naming what is wrong with the headings, or one `decided` that is not there."""
        for heading in decided:
            if heading not in headings.unique_names(self.headings):
                raise FileRejected("no_such_heading", name=self.name, heading=heading)
        try:
            self.layout.check()
            if repeated := headings.repeated(self.kind, self.headings, self.columns, self.options.columns):
                raise BadColumnMapping([], repeated)
        except BadColumnMapping as bad:
            code, names = ("columns_twice", bad.twice) if bad.twice else ("columns_missing", bad.missing)
            columns, known = ", ".join(map(repr, names)), ", ".join(self.kind.by_name)
            raise FileRejected(
                code, name=self.name, columns=columns, kind=self.kind.name, known=known
            ) from bad

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
            cut = data.rfind(b"\n") + 1 if self.rows else _record_end(data)
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
        if not self.encoding and (not data.isascii() or encodings.escaped(data)):
            self.encoding = self._recognise(data)
        return chunk

    def put_back(self, data: bytes) -> None:
        """Return the end of the last chunk, to be handed out again with what follows it."""
        self.line -= data.count(b"\n")
        self._rest = data + self._rest


def open_source(
    path: Path, kind: Kind, options: ReadingOptions | None = None, *, thorough: bool = True
) -> Source:
    """The file at a path, opened. Raises FileRejected."""
    try:
        return Source(
            path.open("rb"), path.name, path.stat().st_size, kind, options=options, thorough=thorough
        )
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
