"""The log of reveals: nobody reads a masked value without a right, a reason and a row here."""

from __future__ import annotations

from datetime import datetime

from crm.runtime.errors import CodedError
from crm.staff.models import SHORTEST_REASON, Reveal, Staff
from crm.staff.permissions import REVEAL, require

REASON_TOO_SHORT = "reason_too_short"  # count: the characters it needs


class ReasonMissing(CodedError):
    """The reason is too short to be understood."""


def clean_reason(reason: str) -> str:
    """The reason, stripped. Raises ReasonMissing when it is shorter than SHORTEST_REASON characters."""
    reason = reason.replace("\0", "").strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(REASON_TOO_SHORT, count=SHORTEST_REASON)
    return reason


def log(*, staff: Staff, member_id: int, field: str, reason: str, now: datetime) -> Reveal:
    """Record that `staff` is about to be shown a value; whoever unseals it calls this first.

    Whether the member is theirs to see is for the caller to check.
    Raises NotAllowed and ReasonMissing.
    """
    require(staff, REVEAL)
    return Reveal.objects.create(
        staff=staff, member_id=member_id, field=field, reason=clean_reason(reason)[:300], at=now
    )
