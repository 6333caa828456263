"""Export the members of a segment as rows of a file, logged with its purpose before the first byte leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy import export_log
from crm.staff.privacy.access_log import clean_reason
from crm.web.permissions import EXPORT
from members.lifecycle.models import Stage
from members.segments.models import Segment
from members.segments.reading.members import MemberRow, pages_of_members

WHAT = "segment"  # in the log of exports
MOST = 100_000  # members in one file
LONGEST = 200  # characters of a purpose


def export_members(
    segment: Segment, *, purpose: str, staff: Staff, now: datetime
) -> Iterator[Sequence[object]]:
    """The rows of the file, headings first: members this person sees, masked as for them.

    The log's first row is written before this returns, its second with the last line. Raises NotAllowed,
    ReasonMissing without a purpose that can be understood.
    """
    require(staff, EXPORT)
    purpose = clean_reason(purpose)
    query = {"segment": f"{segment.pk} · {segment.name}", "purpose": purpose[:LONGEST]}
    columns = ("name", "number", "stage", "aum")
    begun = export_log.begin(WHAT, staff=staff, now=now, query=query, columns=columns)

    def rows() -> Iterator[Sequence[object]]:
        yield [_("Member"), _("Member number"), _("Stage"), _("Assets")]
        written = 0
        for members in pages_of_members(segment.pk, staff):
            if written + len(members) > MOST:
                yield [_("This file contains only the first %(most)d members.") % {"most": written}]
                break
            written += len(members)
            yield from (_cells(row) for row in members)
        export_log.finish(begun, written)

    return rows()


def _cells(row: MemberRow) -> list[object]:
    return [row.view.name, row.view.number, str(Stage(row.stage).label) if row.stage else "", row.aum]
