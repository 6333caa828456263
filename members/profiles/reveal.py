"""Show one masked value to one person, for a reason, on the record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crm.staff.models import Staff
from crm.staff.permissions import NotAllowed
from crm.staff.privacy.access_log import ReasonMissing, log
from members.profiles.member_view import REVEALABLE, plain_text
from members.profiles.models import Member

__all__ = ["NotAllowed", "ReasonMissing", "UnknownField", "reveal"]


class UnknownField(ValueError):
    """The field is not one that is ever revealed."""


def reveal(*, staff: Staff, member_id: int, field: str, reason: str, now: datetime) -> str:
    """The value in plain ("" where there is none); the log has its row before the value is returned.

    Raises UnknownField, ReasonMissing, NotAllowed, and Member.DoesNotExist for a member that is not
    there or not theirs to see: the two cannot be told apart.
    """
    if field not in REVEALABLE:
        raise UnknownField(field)
    with transaction.atomic():
        value = Member.objects.visible_to(staff).values_list(field, flat=True).get(pk=member_id)
        log(staff=staff, member_id=member_id, field=field, reason=reason, now=now)
    return plain_text(field, value)
