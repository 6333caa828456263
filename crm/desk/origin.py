"""Where a row came from: the import writes "source:id" into the ids of what it brings."""

from __future__ import annotations

from crm.staff.models import Staff
from members.profiles.masking import Form, form_of


def origin_of(row_id: str, staff: Staff) -> str:
    """The system a row came from, with its id there for those who may see outside ids; "" = nobody knows."""
    source, colon, outside = row_id.partition(":")
    if not colon or not source:
        return ""
    return f"{source} {outside}" if form_of("outside_id", staff) is Form.PLAIN else source
