"""How the files of one source are read: the record that page, command line, preview and worker share.

A field of ReadingOptions is a decision that somebody may take about all files of a kind and source. Its
default means "as the file shows": nothing was decided. To add a field:

1. Add it to ReadingOptions with a default and a comment that says units and shape. Values are what JSON
   holds: str, int, bool, tuples of them, mappings of str; `as_json` and `from_json` need no change.
2. Use it where records are read: `Layout.options` and `BatchLoader.options` hold the record. What changes a
   text before the database reads it must also keep COPY off: add the field to `changes_values`. What the
   database applies is a parameter of `batch.sql_parameters`.
3. Say it in a sentence of `reading/sentences.py`, which page and command line show before anything is stored.
4. Give it an argument in `management/arguments.py` (command line) and a field in `pages/reading_form.py`.

What was decided is remembered with the source by `reading/memory.py`, except what `to_remember` leaves out,
and kept with each run (`ImportRun.options`), so that a retry reads as the first try did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class ReadingOptions:
    """Decisions on how files of one kind and source are read; a default means that the file shows it."""

    encoding: str = ""  # a codec's name; empty: detected
    delimiter: str = ""  # one character between fields; empty: detected
    table_line: int = 0  # line (row of a sheet) that holds the headings, from 1; 0: found
    sheet: str = ""  # of a workbook; empty: the first
    columns: Mapping[str, str] = field(default_factory=dict)  # heading → our column, empty: not imported
    dates: str = ""  # what comes first in 03/04/2026: "day" or "month"; empty: such a date is refused
    serials: tuple[str, ...] = ()  # our columns whose dates are a spreadsheet's day numbers
    nothing: str = ""  # "text": NULL, 无, - … are texts; empty: they mean an empty cell
    words: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict
    )  # our column → word of the file → ours or empty
    blanks: str = ""  # "clear": an empty cell clears what is stored; empty: it leaves it
    constants: Mapping[str, str] = field(default_factory=dict)  # our column → its text in every row
    money_in: str = ""  # what a row is in which money came in; empty: as the kind has it (Flow)
    money_out: str = ""
    row_ids: bool = False  # ids made of the rows themselves, where the file has none

    @property
    def changes_values(self) -> bool:
        """Whether a text of the file may become another one before the database reads it."""
        return False

    @property
    def nothing_is_empty(self) -> bool:
        return self.nothing != "text"

    @property
    def clears(self) -> bool:
        return self.blanks == "clear"

    def as_json(self) -> dict[str, Any]:
        """Only what was decided."""
        plain = ReadingOptions()
        return {name: value for name, value in asdict(self).items() if value != getattr(plain, name)}

    def to_remember(self) -> ReadingOptions:
        """Without what holds for a single file: the next bill may be another member's."""
        return replace(self, constants={})

    def given(self, **decided: Any) -> ReadingOptions:
        """The same with other decisions."""
        return replace(self, **decided)


def from_json(stored: Mapping[str, Any]) -> ReadingOptions:
    """As it was kept; what an earlier version knew and this one does not is left out."""
    plain = asdict(ReadingOptions())
    known: dict[str, Any] = {
        name: tuple(value) if isinstance(plain[name], tuple) else value
        for name, value in stored.items()
        if name in plain
    }
    return ReadingOptions(**known)
