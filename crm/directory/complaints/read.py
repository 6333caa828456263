"""The complaints of one member as the reader may see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm.directory.provenance import Origins
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from crm.web.components import Text
from members.profiles.models import Complaint

SHOWN = 60
# The open complaints of the {member} of a statement, the oldest first; takes %(now)s and %(most_complaints)s.
OPEN_COMPLAINTS = sql_beside(__file__)("open")


@dataclass(frozen=True)
class OpenComplaint:
    """A complaint that is not closed; texts are masked as free text is. `days` it has been open."""

    id: str
    received_at: datetime
    days: int
    words: str
    owner: str
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True)
class PastComplaint:
    """A complaint with what became of it; `days` from its receipt to its end, or to now."""

    row: Complaint
    is_open: bool
    days: int
    words: str
    resolution: str
    origin: Text


def shown_to(rows: Iterable[Mapping[str, Any]], staff: Staff, now: datetime) -> list[OpenComplaint]:
    """What OPEN_COMPLAINTS read, for one reader."""
    return [
        OpenComplaint(
            row["id"],
            received := datetime.fromisoformat(row["received_at"]),
            (now - received).days,
            masked_value("text", row["words"], staff),
            row["owner"] or "",
            datetime.fromisoformat(row["answered_at"]) if row["answered_at"] else None,
            masked_value("text", row["answer"], staff),
        )
        for row in rows
    ]


def complaints_of(member_id: int, origins: Origins, staff: Staff, now: datetime) -> list[PastComplaint]:
    """All complaints, the latest first. One query."""
    rows = Complaint.objects.filter(member=member_id, received_at__lte=now).select_related("owner")
    return [
        PastComplaint(
            row,
            row.closed_at is None or row.closed_at > now,
            row.days_open(now),
            masked_value("text", row.words, staff),
            masked_value("text", row.resolution, staff),
            origins.of(row.import_id),
        )
        for row in rows.order_by("-received_at", "-id")[:SHOWN]
    ]
