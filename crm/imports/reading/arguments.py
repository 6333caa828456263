"""How a file is to be read, said on the command line as it is chosen on the page."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from crm.imports.kinds import Kind
from crm.imports.reading.options import ReadingOptions


class BadArgument(ValueError):
    """An argument that means nothing for this kind of file; the message says which and what there is."""


def add(parser: ArgumentParser) -> None:
    """The arguments, to a command that reads a file."""
    parser.add_argument(
        "--date-order", choices=["day", "month"], default="", help="what comes first in 03/04/2026"
    )
    parser.add_argument(
        "--serial-dates",
        action="append",
        default=[],
        metavar="COLUMN",
        help="holds a spreadsheet's day numbers",
    )
    parser.add_argument(
        "--word",
        action="append",
        default=[],
        metavar="COLUMN:WORD=OURS",
        help="what a word of the file means",
    )
    parser.add_argument(
        "--nothing-words",
        choices=["empty", "text"],
        default="empty",
        help="whether NULL, #N/A, 无, - … mean an empty cell (default) or themselves",
    )
    parser.add_argument(
        "--blank-cells",
        choices=["leave", "clear"],
        default="leave",
        help="whether an empty cell leaves what is stored (default) or clears it",
    )


def decided(kind: Kind, given: Mapping[str, Any]) -> ReadingOptions:
    """What the arguments decide. Raises BadArgument."""
    for name in given["serial_dates"]:
        if name not in kind.by_name or not kind.by_name[name].moment:
            dates = ", ".join(column.name for column in kind.columns if column.moment)
            raise BadArgument(f"--serial-dates {name}: no column of dates; {kind.name} has {dates}")
    words: dict[str, dict[str, str]] = {}
    for text in given["word"]:
        name, _, pair = text.partition(":")
        word, _, ours = pair.rpartition("=")
        known = kind.by_name[name].words if name in kind.by_name else ()
        if not word or ours not in known:
            raise BadArgument(
                f"--word {text}: write COLUMN:WORD=OURS, with one of {', '.join(known) or 'its words'}"
            )
        words.setdefault(name, {})[word] = ours
    return ReadingOptions(
        dates=given["date_order"],
        serials=tuple(given["serial_dates"]),
        words=words,
        nothing="text" if given["nothing_words"] == "text" else "",
        blanks="clear" if given["blank_cells"] == "clear" else "",
    )
