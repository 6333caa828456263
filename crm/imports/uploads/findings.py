"""What the first rows of a file leave open: dates, words and numbers that somebody has to decide about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from crm.imports.column import Column
from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.tables.record import Record
from crm.imports.values.texts import NOTHING, plain_text
from crm.imports.vocabulary import words
from crm.staff.privacy.personal import looks_personal

MOST_WORDS = 12  # of a column that may be asked about; more are no list of words
LONGEST = 20  # characters of a word
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?!\d)")
_DAY_NUMBER = re.compile(r"\d{5}(\.\d+)?")


def find(
    kind: Kind, header: Sequence[str], records: Sequence[Record], options: ReadingOptions
) -> dict[str, Any]:
    """What is to be decided, as JSON.

    {"dates": 3 that could be read two ways, "first": "day" where others show it, "serials": [column…],
    "nothing": [word…], "words": [[column, word, ours or empty]…]}
    """
    found: dict[str, Any] = {"dates": 0, "first": "", "serials": [], "words": []}
    nothing: set[str] = set()
    firsts: set[str] = set()
    for place, name in enumerate(header):
        column = kind.by_name.get(name)
        if column is None:
            continue
        texts = [*_texts(records, place)]
        nothing.update(text for text in texts if text in NOTHING)
        if column.moment:
            orders = [_order(text) for text in texts]
            found["dates"] += orders.count("either")
            firsts.update(order for order in orders if order in ("day", "month"))
            if name in options.serials or any(_DAY_NUMBER.fullmatch(text) for text in texts):
                found["serials"].append(name)
        if column.words:
            found["words"] += [[name, *pair] for pair in _words(kind, column, texts, options)]
    found["first"] = firsts.pop() if len(firsts) == 1 else ""
    found["nothing"] = sorted(nothing)
    return found


def _texts(records: Sequence[Record], place: int) -> Iterator[str]:
    for record in records:
        if not record.why and place < len(record.fields) and (text := record.fields[place].strip()):
            yield text


def _order(text: str) -> str:
    """What comes first in a date that ends in its year: day, month, either; empty for any other text."""
    match = _YEAR_LAST.match(unicodedata.normalize("NFKC", text))
    if not match or match[1] == match[2]:
        return ""
    first, second = int(match[1]), int(match[2])
    return "day" if first > 12 else "month" if second > 12 else "either"


def _words(kind: Kind, column: Column, texts: Sequence[str], options: ReadingOptions) -> list[list[str]]:
    """[word, ours or empty] of the words that are none of ours; none where they are no list of words.

    A word that may be somebody's name or number, in a column shifted by a missing field, is not shown.
    """
    meant = {plain_text(text, nothing=options.nothing_is_empty) for text in texts} - {"", *column.words}
    pairs = [[text, words.match(kind, column.name, text, options)] for text in sorted(meant)]
    unknown = [text for text, ours in pairs if not ours]
    if len(unknown) > MOST_WORDS or any(is_hidden(text) for text in unknown):
        pairs = [pair for pair in pairs if pair[1]]
    return pairs


def is_hidden(text: str) -> bool:
    """Whether a word that may be anybody's name or number is not shown."""
    return len(text) > LONGEST or looks_personal(text, names=False)
