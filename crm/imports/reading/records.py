"""The careful reader: one record after another, naming line and field of whatever cannot be read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import NamedTuple

from crm.imports.reading.encodings import is_utf8_among
from crm.imports.reading.row_errors import Reason, make_reason

MAX_RECORD = 256 << 10  # bytes over which a quote may stay open before it counts as never closed

BAD_QUOTE = make_reason("bad_quote")

csv.field_size_limit(64 << 20)  # a huge field is told by the column's own limit, in words


class Record(NamedTuple):
    """One record of a file. `why` is None where it can be read; `field` is the column at fault, if any."""

    line: int
    fields: list[str]
    why: Reason | None = None
    field: str = ""
    value: str = ""


class Reader:
    """Reads the records of some bytes. After iterating, `rest` is what a record still open left."""

    def __init__(
        self,
        data: bytes,
        *,
        line: int,
        header: list[str],
        encoding: str,
        final: bool,
        delimiter: str = ",",
    ) -> None:
        self._lines = data.removesuffix(b"\n").split(b"\n")
        self._first = line
        self._header = header
        self._encoding = encoding or "utf-8"
        self._final = final
        self._delimiter = delimiter
        self.rest = b""

    def __iter__(self) -> Iterator[Record]:
        at, count = 0, len(self._lines)
        while at < count:
            raw = self._lines[at]
            if not raw.strip():
                at += 1
                continue
            record, end = self._parse(self._first + at, raw), at + 1
            if record.why and raw.count(b'"') % 2:
                end, record = self._close_quote(at, record)
            if end > count:
                self.rest = b"\n".join(self._lines[at:]) + b"\n"
                return
            yield record
            at = end

    def _close_quote(self, at: int, alone: Record) -> tuple[int, Record]:
        """(line after the record, the record) with the lines its quote runs over; where that gives nothing
        better, the quote was a stray one and only its own line is refused.

        A line beyond the last means that more bytes are needed to tell.
        """
        stray = alone if alone.why != BAD_QUOTE else alone._replace(fields=self._split(self._lines[at]))
        size, odd = len(self._lines[at]), True
        for end in range(at + 1, len(self._lines)):
            size += len(self._lines[end]) + 1
            odd ^= bool(self._lines[end].count(b'"') % 2)
            if not odd:
                whole = self._parse(alone.line, b"\n".join(self._lines[at : end + 1]))
                return (at + 1, stray) if whole.why else (end + 1, whole)
            if size > MAX_RECORD:
                return at + 1, stray
        return (at + 1 if self._final or size > MAX_RECORD else len(self._lines) + 1), stray

    def _parse(self, line: int, raw: bytes) -> Record:
        try:
            text = raw.decode(self._encoding).removesuffix("\r")
        except UnicodeDecodeError:
            return self._undecodable(line, raw)
        if self._encoding == "gb18030" and is_utf8_among(raw):
            return self._undecodable(line, raw)
        try:
            if '"' not in text and "\r" not in text:  # as the csv module would split it, several times faster
                fields = text.split(self._delimiter)
            else:
                lines = [part + "\n" for part in text.split("\n")]
                fields = next(csv.reader(lines, strict=True, delimiter=self._delimiter))
        except csv.Error:
            return Record(line, self._split(raw), BAD_QUOTE)
        if len(fields) != len(self._header):
            return Record(
                line, fields, make_reason("field_count", fields=len(fields), named=len(self._header))
            )
        if "\0" in text:
            name, value = next((n, f) for n, f in zip(self._header, fields, strict=True) if "\0" in f)
            return Record(line, fields, make_reason("nul"), name, value)
        return Record(line, fields)

    def _undecodable(self, line: int, raw: bytes) -> Record:
        escaped = raw.decode(self._encoding, "backslashreplace")
        clean = raw.decode(self._encoding, "ignore")
        fields, readable = _split(escaped, self._delimiter), _split(clean, self._delimiter)
        pairs = zip(self._header, fields, readable, strict=False)
        name, value = next(((n, f) for n, f, c in pairs if f != c), ("", ""))
        return Record(line, fields, make_reason("undecodable", encoding=self._encoding.upper()), name, value)

    def _split(self, raw: bytes) -> list[str]:
        return _split(raw.decode(self._encoding, "backslashreplace"), self._delimiter)


def _split(text: str, delimiter: str) -> list[str]:
    """The fields of a damaged line as well as they can be told."""
    text = text.removesuffix("\r")
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)
