"""A record of a file: its fields as texts, in which line it stands, and what is wrong with it."""

from __future__ import annotations

from typing import NamedTuple

from crm.imports.errors.row_errors import Reason

UNIT = "\x1f"  # separates the cells of a workbook's row, in which no quote has a meaning
BREAK = "\x1e"  # a line break within such a cell, so that a row of the sheet is a line


class Wrong(NamedTuple):
    """One thing that is wrong with a record: the column at fault (empty: the row), its text, why."""

    field: str
    value: str
    why: Reason


class Record(NamedTuple):
    """One record of a file. `why` is None where it can be read; `field` is the column at fault, if any.

    `also` is whatever else is wrong with it.
    """

    line: int
    fields: list[str]
    why: Reason | None = None
    field: str = ""
    value: str = ""
    also: tuple[Wrong, ...] = ()
