"""Open what an erasure sealed, for a reason and on the record; and let it go once its time is over."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy.access_log import log
from members.profiles.models import Erasure
from members.profiles.permissions import OPEN_SEALED
from members.profiles.rights.erase import sealed_values

FIELD = "sealed"  # of the access log


def open_sealed(member_id: int, *, reason: str, staff: Staff, now: datetime) -> dict[str, str]:
    """The sealed values of an erased member by field; the log has its row before they are returned.

    Empty where nothing is kept. Raises NotAllowed, ReasonMissing, and Erasure.DoesNotExist.
    """
    require(staff, OPEN_SEALED)
    with transaction.atomic():
        found = Erasure.objects.get(pk=member_id)
        log(staff=staff, member_id=member_id, field=FIELD, reason=reason, now=now)
    return sealed_values(found.sealed) if found.sealed else {}


def empty_expired(today: date) -> int:
    """Let go of what no law keeps any more on a platform day; returns of how many members."""
    return Erasure.objects.filter(keep_until__lte=today, sealed__isnull=False).update(sealed=None)
