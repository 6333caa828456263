"""Export the list of members as the rows of a file, and log the export before the first byte leaves.

The file is read page by page as the list is: memory stays flat, no cursor holds a snapshot of the database
for the minutes that a download may take, and a file cannot show what the page would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crm.directory.list.list_members import MemberPage, list_members
from crm.directory.list.values import as_text
from crm.staff.models import Staff
from crm.staff.privacy import export_log
from crm.staff.privacy.access_log import clean_reason

WHAT = "members"  # in the log of exports
PAGE = 500  # members read at a time
MOST = 100_000  # members in one file
LONGEST = 200  # characters of a purpose


def export(
    parameters: Mapping[str, str],
    columns: Iterable[str],
    staff: Staff,
    now: datetime,
    query: Mapping[str, str],
    purpose: str,
) -> Iterator[Sequence[object]]:
    """The rows of the file that a query string asks for, headings first.

    `columns` are used where the query string names none; `query` is what the log keeps of it. The first page
    is read and the log's first row written before this returns; its second row is written with the last line.
    Raises BadQuery, ReasonMissing without a purpose that can be understood.
    """
    purpose = clean_reason(purpose)

    def read(after: str = "") -> MemberPage:
        return list_members({**parameters, "after": after}, staff, now, columns=columns, size=PAGE)

    first = read()
    shown = first.request.columns
    names, text = [column.name for column in shown], first.request.text
    begun = export_log.begin(
        WHAT, staff=staff, now=now, query={**query, "purpose": purpose[:LONGEST]}, columns=names, term=text
    )

    def rows() -> Iterator[Sequence[object]]:
        renderers = [(column.name, as_text(column)) for column in shown]

        def cells(values: Mapping[str, Any]) -> Iterator[object]:
            return (render(values[name]) for name, render in renderers)

        yield [_("Member"), _("Member number"), *(column.label for column in shown)]
        page, written = first, 0
        while True:
            members = page.rows[: MOST - written]
            written += len(members)
            yield from ([row.view.name, row.number, *cells(row.values)] for row in members)
            if not page.next or written >= MOST:
                break
            page = read(page.next)
        if page.next:
            yield [_("This file contains only the first %(most)d members.") % {"most": MOST}]
        export_log.finish(begun, written)

    return rows()
