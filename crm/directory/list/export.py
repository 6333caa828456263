"""Export the list of members as the rows of a file, and log the export before the first byte leaves.

The file is read page by page as the list is: memory stays flat, no cursor holds a snapshot of the database
for the minutes that a download may take, and a file cannot show what the page would not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from crm.directory.list.fields.columns import Column
from crm.directory.list.list_members import MemberPage, list_members
from crm.directory.list.rows import Row
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.staff.privacy import export_log
from members.lifecycle.evaluation.bits import WARNINGS, bit_names
from members.lifecycle.models import Stage, SubState, WarningKind

WHAT = "members"  # in the log of exports
PAGE = 500  # members read at a time
MOST = 100_000  # members in one file


def _day(at: datetime | None) -> date | None:
    return day_of(at) if at else None


def _stage(row: Row) -> str:
    words = [str(Stage(row.stage).label)] if row.stage else []
    words += [str(SubState(row.sub_state).label)] if row.sub_state else []
    words += [str(WarningKind(name).label) for name in bit_names(row.warnings, WARNINGS)]
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
    parameters: Mapping[str, str],
    columns: Iterable[str],
    staff: Staff,
    now: datetime,
    query: Mapping[str, str],
) -> Iterator[Sequence[object]]:
    """The rows of the file that a query string asks for, headings first.

    `columns` are used where the query string names none; `query` is what the log keeps of it. The first page
    is read and the log's first row written before this returns; its second row is written with the last line.
    Raises BadQuery.
    """

    def read(after: str = "") -> MemberPage:
        return list_members({**parameters, "after": after}, staff, now, columns=columns, size=PAGE)

    first = read()
    shown = first.request.columns
    names, text = [column.name for column in shown], first.request.text
    begun = export_log.begin(WHAT, staff=staff, now=now, query=query, columns=names, term=text)

    def rows() -> Iterator[Sequence[object]]:
        yield [_("Member"), _("Member number"), *(column.label for column in shown)]
        page, written = first, 0
        while True:
            members = page.rows[: MOST - written]
            written += len(members)
            yield from (_cells(row, shown) for row in members)
            if not page.next or written >= MOST:
                break
            page = read(page.next)
        if page.next:
            yield [_("This file contains only the first %(most)d members.") % {"most": MOST}]
        export_log.finish(begun, written)

    return rows()


def _cells(row: Row, columns: Sequence[Column]) -> list[object]:
    cells = [row.days.get(one.name) if one.days else _CELLS[one.name](row) for one in columns]
    return [row.view.name, row.number, *cells]
