"""Export uses of benefits as rows of a file, logged with its purpose before the first byte leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy import export_log
from crm.staff.privacy.access_log import clean_reason
from crm.web.permissions import EXPORT
from members.loyalty.benefits.reconcile import Line, chunks
from members.loyalty.permissions import RECONCILE_BENEFITS

WHAT = "benefit use"  # in the log of exports
MOST = 100_000  # rows of one file
LONGEST = 200  # characters of a purpose


def export_uses(
    first: date, following: date, supplier: str | None, *, purpose: str, staff: Staff, now: datetime
) -> Iterator[Sequence[object]]:
    """The rows of the file, headings first, as `staff` sees them.

    The log's first row is written before this returns, its second with the last line. Raises NotAllowed, and
    ReasonMissing without a purpose that can be understood.
    """
    require(staff, RECONCILE_BENEFITS)
    require(staff, EXPORT)
    purpose = clean_reason(purpose)
    query = {"month": f"{first:%Y-%m}", "supplier": supplier or "", "purpose": purpose[:LONGEST]}
    columns = ("day", "supplier", "benefit", "number", "name", "reference", "cost", "recorded_by")
    begun = export_log.begin(WHAT, staff=staff, now=now, query=query, columns=columns)

    def rows() -> Iterator[Sequence[object]]:
        yield [
            _("Day"), _("Supplier"), _("Benefit"), _("Member number"), _("Member"), _("Booking number"),
            _("Cost"), _("Recorded by"),
        ]  # fmt: skip
        written = 0
        for lines in chunks(first, following, supplier, staff, MOST):
            written += len(lines)
            yield from map(_cells, lines)
        if written == MOST:
            yield [_("This file contains only the first %(most)d rows.") % {"most": MOST}]
        export_log.finish(begun, written)

    return rows()


def _cells(line: Line) -> list[object]:
    use = line.use
    return [
        use.day,
        use.version.supplier,
        use.version.local_name,
        line.number,
        line.view.name if line.view else "",
        line.reference,
        use.cost,
        str(use.recorded_by) if use.recorded_by else use.source,
    ]
