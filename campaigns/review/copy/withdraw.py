"""Withdraw a version: from this instant on it cannot be sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from campaigns.review.copy.decide import DECIDED, archived_findings
from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.write import lock_version
from campaigns.review.models import CopyState, Decision, Opinion
from campaigns.review.permissions import WITHDRAW_COPY
from crm.runtime.background import changes
from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy.access_log import clean_reason


def withdraw(version_id: int, *, staff: Staff, reason: str, now: datetime) -> Opinion:
    """Withdraw a version in any state but rejected; one person is enough. Raises NotAllowed, ReasonMissing,
    CopyRefused."""
    require(staff, WITHDRAW_COPY)
    with transaction.atomic():
        version = lock_version(version_id)
        if version.state in (CopyState.REJECTED, CopyState.WITHDRAWN):
            raise CopyRefused(Refusal.CANNOT_WITHDRAW)
        opinion = Opinion.objects.create(
            version=version,
            decision=Decision.WITHDRAWN,
            by=staff,
            at=now,
            reason=clean_reason(reason),
            names={"maker": str(version.maker), "last_editor": str(version.last_editor), "by": str(staff)},
            findings=archived_findings(version),
            template_hash=version.template_hash,
            rendered=version.samples,
            pack_name=version.pack_name,
            pack_version=version.pack_version,
        )
        payload = {"version": version.pk, "copy": version.copy_id, "decision": Decision.WITHDRAWN.value}
        changes.append(DECIDED, member_id=None, payload=payload, at=now)
    return opinion
