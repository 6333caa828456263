"""The list of members as a CSV file, written while it is read, and recorded before the first byte leaves.

It is read by the same walk as the page, in pages of its own: memory stays flat, no cursor holds a state of
the database for the minutes a reader may take, and a file cannot show what the page would not.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from crm.directory.list.columns import Column
from crm.directory.list.filters import Filters
from crm.directory.list.rows import Row, list_members
from crm.directory.models import ListExport
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from members.lifecycle.evaluation.bits import WARNINGS, names
from members.lifecycle.models import Stage, SubState, WarningKind

PAGE = 500  # members read at a time
MOST = 100_000  # members in one file
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """What a csv.writer writes to: it hands the text on."""

    def write(self, text: str) -> str:
        return text


def _day(at: datetime | None) -> str:
    return day_of(at).isoformat() if at else ""


def _stage(row: Row) -> str:
    words = [str(Stage(row.stage).label)] if row.stage else []
    words += [str(SubState(row.sub_state).label)] if row.sub_state else []
    words += [str(WarningKind(name).label) for name in names(row.warnings, WARNINGS)]
    return " · ".join(words)


_CELLS: dict[str, Callable[[Row], str]] = {
    "stage": _stage,
    "aum": lambda row: str(row.aum),
    "since": lambda row: _day(row.since),
    "activity": lambda row: _day(row.last_activity),
    "due": lambda row: _day(row.due_at),
    "manager": lambda row: row.manager,
    "registered": lambda row: _day(row.registered_at),
    "risk": lambda row: row.risk_class or "",
    "region": lambda row: row.region,
    "channel": lambda row: row.channel or "",
    "login": lambda row: _day(row.last_login_at),
    "trade": lambda row: _day(row.last_trade_at),
    "peak": lambda row: str(row.peak_aum or ""),
}


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what begins like one."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def export(
    filters: Filters, columns: Sequence[Column], staff: Staff, now: datetime, query: Mapping[str, str]
) -> Iterator[bytes]:
    """The lines of the file, in UTF-8 with a mark for spreadsheets; the first page is read at once.

    Writes the log's first row before returning, its second with the last line. Raises BadQuery.
    """
    first = list_members(filters, staff, now, size=PAGE)
    begun = ListExport.objects.create(
        staff=staff, at=now, query=dict(query), columns=[column.name for column in columns]
    )
    language = get_language() or "en"

    def lines() -> Iterator[bytes]:
        writer = csv.writer(_Line())
        head = [_("Member"), _("Member number"), *(str(column.label) for column in columns)]
        yield "\ufeff".encode() + writer.writerow(head).encode()
        page, written = first, 0
        while True:
            rows = page.rows[: MOST - written]
            written += len(rows)
            text = "".join(writer.writerow(_cells(row, columns)) for row in rows)
            yield text.encode()
            if not page.next or written >= MOST:
                break
            page = list_members(filters, staff, now, page.next, size=PAGE)
        if page.next:
            words = _("Only the first %(most)d members are in this file.") % {"most": MOST}
            yield writer.writerow([words]).encode()
        ListExport.objects.create(staff=staff, at=now, begun=begun, rows=written)

    return _in_language(lines(), language)


def _in_language(lines: Iterator[bytes], language: str) -> Iterator[bytes]:
    """The lines in the reader's language: they are written after the request's own has ended."""
    while True:
        with override(language):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _cells(row: Row, columns: Sequence[Column]) -> list[str]:
    cells = [row.view.name, row.outside_id or row.view.number]
    return [guarded(cell) for cell in (*cells, *(_CELLS[column.name](row) for column in columns))]
