"""Workbooks (.xlsx) for people: the same rows as a CSV, in cells that a double click leaves as they are.

A text cell stays text: 007 keeps its zeros, 6222020200112230000 its digits, and nothing is ever a formula or
a link. Memory stays flat; the cells wait in temporary files until the workbook is whole, and go however that
ends.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from crm.runtime import clock

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHUNK = 1 << 16
MOST_ROWS = 1_048_576  # of a sheet; more go on in another one, under the headings again
MOST_SIGNS = 32_767  # of a cell
EXACT_DIGITS = 15  # of a number that a spreadsheet keeps; a longer one is text
FIRST_DAY = date(1900, 3, 1)  # earlier days are not the same in every spreadsheet
WIDTH, COLUMNS = 16, 64
Rows = Iterable[Iterable[object]]
_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def encode(rows: Rows, more: Mapping[str, Rows] | None = None) -> Iterator[bytes]:
    """The workbook, headings first, in chunks once it is whole; `more` are further sheets by name.

    Numbers (int, Decimal), days and instants (in platform time) become cells of their kind, None an empty
    one; everything else is text, of which a cell holds MOST_SIGNS characters.
    """
    with tempfile.TemporaryFile() as file:
        write(file, rows, more)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def write(file: IO[bytes], rows: Rows, more: Mapping[str, Rows] | None = None) -> None:
    """Write the workbook to an open file.

    Rows wait in files that the library names and, on a full disk, leaves behind: they get a folder that goes.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": folder}) as book,
    ):
        cells = _Cells(book)
        for name, table in {"": rows, **(more or {})}.items():
            _add_table(book, cells, table, name)


def _add_table(book: Any, cells: _Cells, rows: Rows, name: str) -> None:
    headings: Sequence[object] = ()
    sheet, line = None, 0
    for row in rows:
        if sheet is None or line == MOST_ROWS:
            sheet, line = _sheet(book, name if sheet is None else ""), 0
            if headings:
                cells.write(sheet, 0, headings, heading=True)
                line = 1
        if not headings:
            row = headings = [*row]
        cells.write(sheet, line, row, heading=line == 0)
        line += 1
    if sheet is None:
        book.add_worksheet(name or None)


def _sheet(book: Any, name: str) -> Any:
    sheet = book.add_worksheet(name or None)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, COLUMNS, WIDTH)
    return sheet


class _Cells:
    """Writes rows of cells in the formats of one workbook."""

    def __init__(self, book: Any) -> None:
        self._heading = book.add_format({"bold": True})
        self._text = book.add_format({"num_format": "@"})  # edited, it stays text
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._decimal = book.add_format({"num_format": "#,##0.00"})

    def write(self, sheet: Any, line: int, row: Iterable[object], *, heading: bool) -> None:
        for place, value in enumerate(row):
            if value is None or value == "":
                continue
            match value:
                case bool():
                    sheet.write_string(line, place, str(value), self._text)
                case datetime() if value.date() >= FIRST_DAY:
                    local = value.astimezone(clock.zone()).replace(tzinfo=None)
                    sheet.write_datetime(line, place, local, self._instant)
                case date() if value >= FIRST_DAY:
                    sheet.write_datetime(line, place, value, self._day)
                case Decimal() if _exact(value):
                    sheet.write_number(line, place, float(value), self._decimal)
                case int() if _exact(value):
                    sheet.write_number(line, place, value)
                case _:
                    form = self._heading if heading else self._text
                    sheet.write_string(line, place, str(value)[:MOST_SIGNS], form)


def _exact(number: int | Decimal) -> bool:
    return len(str(abs(number)).replace(".", "")) <= EXACT_DIGITS
