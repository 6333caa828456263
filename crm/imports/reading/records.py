"""The careful reader: one record after another, naming line and field of whatever cannot be read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from crm.imports.errors.file_errors import FileRejected
from crm.imports.errors.row_errors import make_reason
from crm.imports.reading.encodings import is_utf8_among
from crm.imports.tables.layout import Layout
from crm.imports.tables.record import BREAK, UNIT, Record
from crm.imports.tables.skipped import OTHER_HEADINGS, Skipped, classify

MAX_RECORD = 256 << 10  # bytes over which a quote may stay open before it counts as never closed

LOST = "\ufffd"  # which a program wrote for what it could not read

BAD_QUOTE = make_reason("bad_quote")

_BLANKS = r"[ \t\u00a0\u3000]"

csv.field_size_limit(64 << 20)  # a huge field is told by the column's own limit, in words


@dataclass(frozen=True)
class Chunk:
    """Some whole records: raw bytes, and the file's line number of the first."""

    data: bytes
    line: int
    final: bool  # nothing follows


class Reader:
    """Reads the records of a chunk. After iterating, `rest` is what a record still open left, `skipped` the
    lines that are no rows. Raises FileRejected where another table begins."""

    def __init__(self, chunk: Chunk, layout: Layout) -> None:
        self._lines = chunk.data.removesuffix(b"\n").split(b"\n")
        self._first, self._final = chunk.line, chunk.final
        self._layout, self._header, self._known = layout, layout.own, layout.known
        self._encoding, self._delimiter = layout.encoding or "utf-8", layout.delimiter
        # Properties may quote whatever an event held.
        self._texts = {column.name for column in layout.kind.columns if column.form != "outer"}
        self.rest = b""
        self.skipped = Skipped()

    def __iter__(self) -> Iterator[Record]:
        at, count = 0, len(self._lines)
        while at < count:
            raw = self._lines[at]
            if not raw.strip():
                at += 1
                continue
            record, end = self._parse(self._first + at, raw), at + 1
            if record.why and raw.count(b'"') % 2 and self._delimiter != UNIT:
                end, record = self._close_quote(at, record)
            if end > count:
                self.rest = b"\n".join(self._lines[at:]) + b"\n"
                return
            at = end
            whole = record.fields and (record.why is None or record.why.code == "field_count")
            what = classify(record.fields, self._layout.headings, self._known) if whole else ""
            if what == OTHER_HEADINGS:
                raise FileRejected("other_headings", name=self._layout.name, line=record.line)
            if what:
                self.skipped.note(what, record.line)
            else:
                yield self._layout.finish(record)

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
            # A mark in the middle begins a file that was put behind another.
            text = raw.decode(self._encoding).removeprefix("\ufeff").removesuffix("\r")
        except UnicodeDecodeError:
            return self._undecodable(line, raw)
        if self._encoding == "gb18030" and is_utf8_among(raw):
            return self._undecodable(line, raw)
        if self._delimiter == UNIT:  # of a workbook: no sign has a meaning within a cell
            return self._checked(line, text, [field.replace(BREAK, "\n") for field in text.split(UNIT)])
        try:
            if '"' not in text and "\r" not in text:  # as the csv module would split it, several times faster
                fields = text.split(self._delimiter)
            else:
                lines = [part + "\n" for part in text.split("\n")]
                fields = self._quoted(lines)
        except csv.Error:
            return Record(line, self._split(raw), BAD_QUOTE)
        return self._checked(line, text, fields)

    def _quoted(self, lines: list[str]) -> list[str]:
        """The fields of a record with quotes. Raises csv.Error."""
        try:
            fields = next(csv.reader(lines, strict=True, delimiter=self._delimiter))
        except csv.Error:
            if not any('"' in line for line in lines):
                raise
            return split_spaced(lines, self._delimiter)
        if any(field.lstrip()[:1] == '"' and field[:1] != '"' for field in fields):
            with suppress(csv.Error):
                return split_spaced(lines, self._delimiter)
        return fields

    def _checked(self, line: int, text: str, fields: list[str]) -> Record:
        surplus = fields[len(self._header) :]
        if surplus and not any(field.strip() for field in surplus):
            fields = fields[: len(self._header)]
        if len(fields) != len(self._header):
            return Record(
                line, fields, make_reason("field_count", fields=len(fields), named=len(self._header))
            )
        if "\0" in text:
            name, value = next((n, f) for n, f in zip(self._header, fields, strict=True) if "\0" in f)
            return Record(line, fields, make_reason("nul"), name, value)
        if LOST in text:
            for name, value in zip(self._header, fields, strict=True):
                if LOST in value and name in self._texts:
                    return Record(line, fields, make_reason("lost_signs"), name, value)
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


def split_spaced(lines: list[str], delimiter: str) -> list[str]:
    """The fields of a record in which blanks may stand around a quoted field. Raises csv.Error."""
    text = "".join(lines).removesuffix("\n").removesuffix("\r")
    quoted = re.compile(rf'{_BLANKS}*+"((?:[^"]|"")*+)"(?:(?!{re.escape(delimiter)}){_BLANKS})*')
    fields, at = [], 0
    while True:
        found = quoted.match(text, at)
        if found and (found.end() == len(text) or text[found.end()] == delimiter):
            fields.append(found[1].replace('""', '"'))
            at = found.end()
        else:
            end = text.find(delimiter, at)
            field = text[at:] if end < 0 else text[at:end]
            if field.lstrip().startswith('"') or "\n" in field or "\r" in field:
                raise csv.Error("a quote within a field")
            fields.append(field)
            at += len(field)
        if at == len(text):
            return fields
        at += 1


def _split(text: str, delimiter: str) -> list[str]:
    """The fields of a damaged line as well as they can be told."""
    text = text.removesuffix("\r")
    try:
        return next(csv.reader([text], delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)
