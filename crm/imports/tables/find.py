"""Where the table of a file begins and what separates its fields, decided by all its first lines together.

Bills begin with a preamble, a spreadsheet names its separator in a line of its own (sep=;), a heading may
hold another separator or a line break: no single line says enough.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.tables.record import UNIT
from crm.imports.vocabulary.headings import clean, match_columns

DELIMITERS = ",;\t|"
MOST_COLUMNS = 10_000
LINES = 120  # in which the table begins
ROWS = 20  # behind the headings that are compared with them
_SEPARATOR_SAID = re.compile(r'\s*"?sep=(.|\\t)"?\s*$', re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """The headings: in which line (from 1) they begin, over how many lines they go, as people read them.

    `needle` stands in every line that repeats them byte for byte; empty where that cannot be told so.
    """

    line: int
    lines: int
    delimiter: str
    headings: list[str]
    needle: bytes


class NoTable(ValueError):
    """There are no headings: no line says anything, or not so many lines as `line`."""

    def __init__(self, line: int = 0) -> None:
        super().__init__(line)
        self.line = line


@dataclass(frozen=True)
class _Candidate:
    table: Table
    score: tuple[float, ...]
    whole: bool  # it has all that is required, and a row behind it


def find_table(text: str, kind: Kind, options: ReadingOptions, *, cells: bool = False) -> Table:
    """The table in the first lines of a file; `cells`: of a workbook's sheet. Raises NoTable."""
    lines = text.split("\n")
    delimiters = UNIT if cells else options.delimiter or DELIMITERS
    if not cells and not options.delimiter and (said := _said(lines)):
        delimiters = said
    places = [
        place
        for place, line in enumerate(lines[:LINES])
        if line.strip() and not (not cells and _SEPARATOR_SAID.match(line))
    ]
    if options.table_line:
        if options.table_line > len(lines) or not lines[options.table_line - 1].strip():
            raise NoTable(options.table_line)
        places = [options.table_line - 1]
    if not places:
        raise NoTable
    candidates = [_judge(lines, place, mark, kind, options) for place in places for mark in delimiters]
    found = [one for one in candidates if any(map(str.isalnum, "".join(one.table.headings)))]
    if not found:
        raise NoTable
    if any(one.score[0] for one in found):
        # What begins a table is no preamble of a wider one further down.
        first = min((one.table.line for one in found if one.whole), default=0)
        return max(
            (one for one in found if one.table.line == first or not first), key=lambda one: one.score
        ).table
    return _of_unknown(found)


def rows_behind(text: str, table: Table) -> Iterator[list[str]]:
    """The fields of the rows behind the headings, as far as the text goes; its last line may be cut."""
    lines = text.split("\n")
    at = table.line + table.lines - 1
    while at < len(lines) - 1:
        fields, count = _record(lines, at, table.delimiter)
        at += count
        yield fields


def _said(lines: Sequence[str]) -> str:
    """The separator that a line of its own names before anything else."""
    first = next((line for line in lines[:LINES] if line.strip()), "")
    said = _SEPARATOR_SAID.match(first)
    return "" if not said else "\t" if said[1] == r"\t" else said[1]


def _of_unknown(found: Sequence[_Candidate]) -> Table:
    """None of our columns is named: the first line of several fields that most lines behind it have, too."""
    fitting = [one for one in found if one.score[1] and len(one.table.headings) > 1] or found
    first = min(one.table.line for one in fitting)
    return max((one for one in fitting if one.table.line == first), key=lambda one: one.score).table


def _judge(lines: Sequence[str], place: int, mark: str, kind: Kind, options: ReadingOptions) -> _Candidate:
    raw, count = _record(lines, place, mark)
    headings = [clean(text) for text in raw]
    columns = match_columns(kind, headings[:MOST_COLUMNS], options.columns)
    known = len({name for name in columns if name})
    fit, width, at, seen = 0, _width(headings), place + count, 0
    row: list[str] = []
    end = min(len(lines) - 1, at + LINES)  # the last line may be cut; there may be a million empty ones
    while at < end and seen < ROWS:
        fields, more = _record(lines, at, mark)
        at += more
        if any(field.strip() for field in fields):
            row = row or fields
            seen += 1
            fit += _width(fields) <= len(headings) and len(fields) >= width
    plain = all(text.strip() == heading for text, heading in zip(raw, headings, strict=True))
    longest = max(headings, key=len)
    needle = longest.encode() if plain and not set('"\n\r') & set(longest) else b""
    table = Table(place + 1, count, mark, headings, needle)
    fits = float(2 * fit >= seen)
    # Known columns first; then that the rows fit, the earlier line, more columns, the usual separator.
    score = (known, fits, -place, fit / max(seen, 1), width, -DELIMITERS.find(mark))
    whole = known > 1 and len(row) == len(headings) and _has_required(kind, columns, options)
    return _Candidate(table, score, whole)


def _has_required(kind: Kind, columns: Sequence[str], options: ReadingOptions) -> bool:
    """Whether every required column is there, whole or in parts; what is the same in every row as well."""
    named = {name.partition(":")[0] for name in columns} | set(options.constants)
    if options.row_ids:
        named.add(kind.row_id)
    if kind.flow and any(name.startswith(f"{kind.flow.amount}:") for name in columns):
        named.add(kind.flow.direction)
    return all(column.name in named for column in kind.columns if column.required)


def _width(fields: Sequence[str]) -> int:
    """How many fields there are up to the last that says something."""
    return max((place for place, field in enumerate(fields, 1) if field.strip()), default=0)


def _record(lines: Sequence[str], place: int, mark: str) -> tuple[list[str], int]:
    """(the fields of the record that begins in a line, over how many lines it goes)."""
    if mark == UNIT:
        return lines[place].split(UNIT), 1
    if '"' not in lines[place]:
        return lines[place].removesuffix("\r").split(mark), 1
    reader = csv.reader([line + "\n" for line in lines[place : place + ROWS]], delimiter=mark)
    try:
        fields = next(reader, [])
    except csv.Error:
        return lines[place].split(mark), 1
    if reader.line_num > 1 and lines[place].count('"') % 2 == 0 or reader.line_num >= ROWS:
        return lines[place].split(mark), 1  # a stray quote
    return fields, reader.line_num
