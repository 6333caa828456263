"""How a file is to be read, said on the command line as the page asks it (`pages/reading_form.py`)."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.imports.kinds import Kind

_MARKS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", r"\t": "\t"}


class BadArgument(ValueError):
    """An argument that means nothing for this kind of file; the message says which and what there is."""


def add(parser: ArgumentParser) -> None:
    """The arguments, to a command that reads a file. Those that are given are remembered for the source."""
    _add_table(parser)
    _add_values(parser)


def _add_table(parser: ArgumentParser) -> None:
    parser.add_argument("--encoding", default="", help=_("utf-8, gb18030, big5 … (default: detected)"))
    parser.add_argument(
        "--delimiter", default="", help=_("a character, or %(names)s") % {"names": ", ".join(_MARKS)}
    )
    parser.add_argument("--table-line", type=int, default=0, metavar="N", help=_("line with the headings"))
    parser.add_argument("--sheet", default="", help=_("sheet of a workbook (default: the first)"))
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="HEADING=COLUMN",
        help=_("column for a heading (parts: at:date, at:time, amount:in …); empty COLUMN: not imported"),
    )
    parser.add_argument(
        "--fixed",
        action="append",
        default=[],
        metavar="COLUMN=TEXT",
        help=_("the same text in every row (not remembered)"),
    )
    parser.add_argument("--money-in", default="", metavar="KIND", help=_("kind of a row with money in"))
    parser.add_argument("--money-out", default="", metavar="KIND", help=_("kind of a row with money out"))
    parser.add_argument(
        "--row-ids", action="store_true", help=_("create IDs from the rows if the file has none")
    )


def _add_values(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--date-order", choices=["day", "month"], default="", help=_("what comes first in 03/04/2026")
    )
    parser.add_argument(
        "--serial-dates",
        action="append",
        default=[],
        metavar="COLUMN",
        help=_("column with spreadsheet date numbers"),
    )
    parser.add_argument(
        "--word",
        action="append",
        default=[],
        metavar="COLUMN:WORD=OURS",
        help=_("what a word in the file means"),
    )
    parser.add_argument(
        "--nothing-words",
        choices=["empty", "text"],
        default="",
        help=_("treat NULL, #N/A, 无, - … as empty (default) or as text"),
    )
    parser.add_argument(
        "--blank-cells",
        choices=["leave", "clear"],
        default="",
        help=_("an empty cell keeps the stored value (default) or clears it"),
    )


def decided(kind: Kind, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the arguments decide, by field of ReadingOptions. Raises BadArgument."""
    table = {
        "encoding": given["encoding"],
        "delimiter": _mark(given["delimiter"]),
        "table_line": given["table_line"],
        "sheet": given["sheet"],
        "columns": _pairs(kind, given["column"], "--column", lambda before, after: after),
        "constants": _pairs(kind, given["fixed"], "--fixed", lambda before, after: before),
        "money_in": _kind_of_flow(kind, given["money_in"], "--money-in"),
        "money_out": _kind_of_flow(kind, given["money_out"], "--money-out"),
        "row_ids": given["row_ids"],
        "dates": given["date_order"],
        "serials": _serials(kind, given["serial_dates"]),
        "words": _words(kind, given["word"]),
    }
    found = {name: value for name, value in table.items() if value}
    if given["nothing_words"]:
        found["nothing"] = "text" if given["nothing_words"] == "text" else ""
    if given["blank_cells"]:
        found["blanks"] = "clear" if given["blank_cells"] == "clear" else ""
    return found


def _mark(text: str) -> str:
    mark = _MARKS.get(text, text)
    if len(mark) > 1:
        words = _("--delimiter %(text)s: enter one character, or %(names)s.")
        raise BadArgument(words % {"text": text, "names": ", ".join(_MARKS)})
    return mark


def _pairs(
    kind: Kind, texts: Iterable[str], name: str, column_of: Callable[[str, str], str]
) -> dict[str, str]:
    """{before the last "=": behind it}; `column_of` says which of both is a column."""
    pairs = {}
    for text in texts:
        before, sign, after = (part.strip() for part in text.rpartition("="))
        if not sign or not before:
            raise BadArgument(_("%(option)s %(text)s: use the form A=B.") % {"option": name, "text": text})
        column = column_of(before, after)
        if column and column not in kind.mappable:
            raise _no_such_column(f"{name} {text}", kind, kind.mappable)
        pairs[before] = after
    return pairs


def _no_such_column(argument: str, kind: Kind, columns: Iterable[str]) -> BadArgument:
    words = _("%(argument)s: this column does not exist or does not fit. %(kind)s has %(columns)s.")
    return BadArgument(words % {"argument": argument, "kind": kind.name, "columns": ", ".join(columns)})


def _kind_of_flow(kind: Kind, word: str, name: str) -> str:
    known = kind.by_name[kind.flow.direction].words if kind.flow else ()
    if word and word not in known:
        words = (
            _("%(option)s %(word)s: %(kind)s accepts %(known)s.")
            if known
            else _("%(option)s %(word)s: %(kind)s has no money in and out.")
        )
        given = {"option": name, "word": word, "kind": kind.name, "known": ", ".join(known)}
        raise BadArgument(words % given)
    return word


def _serials(kind: Kind, names: Iterable[str]) -> tuple[str, ...]:
    for name in names:
        if name not in kind.by_name or not kind.by_name[name].moment:
            dates = [column.name for column in kind.columns if column.moment]
            raise _no_such_column(f"--serial-dates {name}", kind, dates)
    return tuple(names)


def _words(kind: Kind, texts: Iterable[str]) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {}
    for text in texts:
        name, _sign, pair = text.partition(":")
        word, _sign, ours = pair.rpartition("=")
        known = kind.by_name[name].words if name in kind.by_name else ()
        if not word or ours not in known:
            form = (
                _("--word %(text)s: use the form COLUMN:WORD=OURS. OURS is one of %(known)s.")
                if known
                else _("--word %(text)s: use the form COLUMN:WORD=OURS.")
            )
            raise BadArgument(form % {"text": text, "known": ", ".join(known)})
        words.setdefault(name, {})[word] = ours
    return words
