"""The log of reveals: nobody reads a masked value without a right, a reason and a row here."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from crm.staff.models import SHORTEST_REASON, Reveal, Staff
from crm.staff.permissions import REVEAL, require


class ReasonMissing(ValueError):
    """The reason is too short to be understood; the message is for the person who gave it."""


def clean_reason(reason: str) -> str:
    """The reason, stripped. Raises ReasonMissing when it is shorter than SHORTEST_REASON characters."""
    reason = reason.replace("\0", "").strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing(
            _("Enter a reason of at least %(count)d characters.") % {"count": SHORTEST_REASON}
        )
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
