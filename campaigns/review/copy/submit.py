"""Submit a version: what it was found to say has been answered, and real renderings have been looked at."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from campaigns.review.copy.check import is_checked_by, pack_of
from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.write import lock_version
from campaigns.review.models import CopyFinding, CopyState, CopyVersion
from campaigns.review.permissions import WRITE_COPY
from crm.runtime import calendar, clock
from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy.access_log import clean_reason

REVIEW_TIME = timedelta(hours=16)  # of working time: policy, two working days


def justify(finding_id: int, words: str, *, staff: Staff, now: datetime) -> CopyFinding:
    """Answer a finding of a checked version: why it may stay, or why it is none.

    Raises NotAllowed, ReasonMissing, CopyRefused.
    """
    require(staff, WRITE_COPY)
    words = clean_reason(words)
    with transaction.atomic():
        finding = CopyFinding.objects.filter(pk=finding_id).first()
        if finding is None:
            raise CopyRefused(Refusal.FINDING_GONE)
        if lock_version(finding.version_id).state != CopyState.CHECKED:
            raise CopyRefused(Refusal.NOT_CHECKED)
        finding.justification, finding.justified_by, finding.justified_at = words, staff, now
        finding.save(update_fields=["justification", "justified_by", "justified_at"])
    return finding


def submit(version_id: int, *, staff: Staff, now: datetime) -> CopyVersion:
    """Hand a checked version to the compliance officers; from now on nothing of it changes.

    Every finding has an answer; a block or a missing disclosure needs an exception on top before it can be
    approved. Raises NotAllowed, CopyRefused.
    """
    require(staff, WRITE_COPY)
    with transaction.atomic():
        version = lock_version(version_id)
        _judge(version, now)
        version.state, version.submitted_by, version.submitted_at = CopyState.SUBMITTED, staff, now
        version.deadline = calendar.load().add_working_time(now, REVIEW_TIME)
        version.save(update_fields=["state", "submitted_by", "submitted_at", "deadline"])
    return version


def _judge(version: CopyVersion, now: datetime) -> None:
    if version.state != CopyState.CHECKED:
        raise CopyRefused(Refusal.NOT_CHECKED)
    pack = pack_of(version.language, now)
    if not is_checked_by(version, pack):
        raise CopyRefused(Refusal.CHECK_AGAIN, pack=f"{pack.name} {pack.version}")
    if version.figures_until is not None and version.figures_until < clock.day_of(now):
        raise CopyRefused(Refusal.FIGURES_PASSED)
    if unanswered := version.findings.filter(justification="").count():
        raise CopyRefused(Refusal.UNANSWERED, count=unanswered)
    if version.sampled_revision != version.revision:
        raise CopyRefused(Refusal.NO_SAMPLE)
