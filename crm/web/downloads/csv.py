"""CSV files for people: everything staff save or export is written here.

Rows are sequences of cells and know nothing of the file's form, so that other forms can be written from them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from crm.runtime import clock

CONTENT_TYPE = "text/csv; charset=utf-8"
MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
CHUNK = 1 << 16  # characters that leave at once

# What a spreadsheet may take for a formula: the full-width signs too, which some fold before they look.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[ \u3000]*[\t\r\n])")


def guard(text: str) -> str:
    """A text that no spreadsheet runs: an apostrophe stands before what begins like a formula.

    Apostrophes that stand there already are kept, so that unguard() gives every text back exactly.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text that guard() was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def encode(rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """The file, in UTF-8 with a mark, in chunks as the rows come.

    Numbers (int, Decimal) and days are written as they are, instants as ISO 8601 in platform time; everything
    else as text, guarded; None as an empty cell.
    """
    waiting: list[str] = [MARK]
    writer = csv.writer(_Collector(waiting))
    size = 0
    for row in rows:
        size += writer.writerow([_cell(value) for value in row])
        if size >= CHUNK:
            yield "".join(waiting).encode()
            waiting.clear()
            size = 0
    yield "".join(waiting).encode()


def _cell(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(clock.zone()).isoformat(timespec="seconds")
    return value if value is None or isinstance(value, int | Decimal | date) else guard(str(value))


class _Collector:
    """The file that csv.writer writes to: a list of lines."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines

    def write(self, text: str) -> int:
        self._lines.append(text)
        return len(text)
