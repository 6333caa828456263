"""Read a list of ids: the first column of a CSV, or the column whose heading says so."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from crm.imports.reading.encodings import UnknownEncoding, read_mark, recognise, unmarked
from crm.runtime.text.normal_form import identifier
from crm.web.downloads.csv import unguard
from members.segments.change.refusals import Refusal, SegmentRefused

LARGEST = 20 << 20  # bytes
LONGEST = 120  # characters of an id; what is longer is none
HEADINGS = frozenset(
    ["id", "member", "member id", "member_id", "member number", "number", "external id", "external_id"]
    + ["会员", "会员号", "会员编号", "会员id", "编号", "外部id", "客户号", "客户编号"]
)


def read_ids(data: bytes) -> Iterator[str]:
    """The ids of a file in the order of its rows, in their normal form, empty ones left out.

    Raises SegmentRefused for a file that is too large or no text.
    """
    if len(data) > LARGEST:
        raise SegmentRefused(Refusal.TOO_LARGE, most=LARGEST >> 20)
    text = _decoded(data)
    delimiter = max(",;\t", key=text[: 1 << 12].count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    column = 0
    try:
        for number, row in enumerate(rows):
            cells = [identifier(unguard(cell[: LONGEST + 2])) for cell in row]
            if number == 0 and (headed := [i for i, cell in enumerate(cells) if cell.lower() in HEADINGS]):
                column = headed[0]
            elif len(cells) > column and cells[column]:
                yield cells[column]
    except csv.Error as error:
        raise SegmentRefused(Refusal.UNREADABLE) from error


def _decoded(data: bytes) -> str:
    encoding, length = read_mark(data[:8])
    try:
        if not encoding:
            encoding = unmarked(data) or ("utf-8" if data.isascii() else recognise(data))
        text = data[length:].decode(encoding)
    except (UnknownEncoding, UnicodeDecodeError, LookupError) as error:
        raise SegmentRefused(Refusal.UNREADABLE) from error
    if "\0" in text:
        raise SegmentRefused(Refusal.UNREADABLE)
    return text
