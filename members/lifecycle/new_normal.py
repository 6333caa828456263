"""Record that a member's lower assets are the new normal, which ends open falls."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import may
from members.lifecycle.evaluation import bits
from members.lifecycle.models import NewNormal, Standing
from members.lifecycle.permissions import RECORD_NEW_NORMAL
from members.profiles.models import Member


class Refusal(StrEnum):
    """Why nothing is recorded: members.lifecycle.sentences.new_normal words each code."""

    NO_REASON = "new_normal_no_reason"
    NO_FALL = "new_normal_no_fall"  # nothing to end
    RECORDED = "new_normal_recorded"  # already, and the member was not evaluated since


class NewNormalRefused(CodedError):
    """A new normal that cannot be recorded; `code` is a Refusal."""


def has_fall(standing: Standing) -> bool:
    """Whether the stored answer says that assets fell, enough to warn or to decide."""
    return bool(standing.rules & bits.AUM_FALL or standing.warnings & bits.AUM_FALL)


def record_new_normal(*, member_id: int, reason: str, staff: Staff, now: datetime) -> NewNormal:
    """Store the statement and mark its member dirty, so that the next restage ends the fall.

    Raises PermissionDenied (the role may not, or the member is not visible to this person) and
    NewNormalRefused.
    """
    if (
        not may(staff, RECORD_NEW_NORMAL)
        or not Member.objects.visible_to(staff).filter(pk=member_id).exists()
    ):
        raise PermissionDenied
    if not reason.strip():
        raise NewNormalRefused(Refusal.NO_REASON)
    with transaction.atomic():
        standing = Standing.objects.select_for_update().get(pk=member_id)
        if not has_fall(standing):
            raise NewNormalRefused(Refusal.NO_FALL)
        recorded = NewNormal.objects.filter(member=member_id)
        if standing.evaluated_at:
            recorded = recorded.filter(Q(at__gt=standing.evaluated_at) | Q(at__gte=now))
        if recorded.exists():
            raise NewNormalRefused(Refusal.RECORDED)
        return NewNormal.objects.create(
            member_id=member_id,
            at=now,
            reason=reason.strip(),
            recorded_by=staff,
            aum=standing.aum,
            peak_aum=standing.peak_aum or 0,
        )
