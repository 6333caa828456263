"""The list of members as rows of a file, made while it is read, and recorded before the first byte leaves.

It is read by the same walk as the page, in pages of its own: memory stays flat, no cursor holds a state of
the database for the minutes a reader may take, and a file cannot show what the page would not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

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


def _day(at: datetime | None) -> str:
    return day_of(at).isoformat() if at else ""


def _stage(row: Row) -> str:
    words = [str(Stage(row.stage).label)] if row.stage else []
    words += [str(SubState(row.sub_state).label)] if row.sub_state else []
    words += [str(WarningKind(name).label) for name in names(row.warnings, WARNINGS)]
    return " · ".join(words)


_CELLS: dict[str, Callable[[Row], object]] = {
    "stage": _stage,
    "aum": lambda row: row.aum,
    "since": lambda row: _day(row.since),
    "activity": lambda row: _day(row.last_activity),
    "due": lambda row: _day(row.due_at),
    "manager": lambda row: row.manager,
    "registered": lambda row: _day(row.registered_at),
    "risk": lambda row: row.risk_class,
    "region": lambda row: row.region,
    "channel": lambda row: row.channel,
    "login": lambda row: _day(row.last_login_at),
    "trade": lambda row: _day(row.last_trade_at),
    "peak": lambda row: row.peak_aum or None,
}


def export(
    filters: Filters, columns: Sequence[Column], staff: Staff, now: datetime, query: Mapping[str, str]
) -> Iterator[Sequence[object]]:
    """The rows of the file, headings first; the first page is read at once.

    Writes the log's first row before returning, its second with the last line. Raises BadQuery.
    """
    first = list_members(filters, staff, now, size=PAGE)
    begun = ListExport.objects.create(
        staff=staff, at=now, query=dict(query), columns=[column.name for column in columns]
    )

    def rows() -> Iterator[Sequence[object]]:
        yield [_("Member"), _("Member number"), *(column.label for column in columns)]
        page, written = first, 0
        while True:
            shown = page.rows[: MOST - written]
            written += len(shown)
            yield from (_cells(row, columns) for row in shown)
            if not page.next or written >= MOST:
                break
            page = list_members(filters, staff, now, page.next, size=PAGE)
        if page.next:
            yield [_("This file contains only the first %(most)d members.") % {"most": MOST}]
        ListExport.objects.create(staff=staff, at=now, begun=begun, rows=written)

    return rows()


def _cells(row: Row, columns: Sequence[Column]) -> list[object]:
    cells = [_CELLS[column.name](row) for column in columns]
    return [row.view.name, row.outside_id or row.view.number, *cells]
