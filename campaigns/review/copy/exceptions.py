"""Exceptions: two officers agree that a finding is none, for its span of its version only.

One officer asks, the other grants (crm.staff.four_eyes); the rule stays as it is for everything else.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from campaigns.review.copy.decide import judge_officer
from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.write import lock_version
from campaigns.review.models import CopyFinding, CopyState, CopyVersion, FindingSeverity, WordingException
from campaigns.review.permissions import REVIEW_COPY
from crm.staff.four_eyes import requests
from crm.staff.four_eyes.requests import BasisChanged, CannotDecide
from crm.staff.models import Request, Staff
from crm.staff.permissions import require

KIND = "review.exception"


def ask(finding_id: int, *, officer: Staff, reason: str, now: datetime) -> Request:
    """Ask a second officer for an exception.

    Raises NotAllowed, ReasonMissing, AlreadyProposed, CopyRefused.
    """
    require(officer, REVIEW_COPY)
    with transaction.atomic():
        finding = CopyFinding.objects.filter(pk=finding_id).first()
        if finding is None:
            raise CopyRefused(Refusal.FINDING_GONE)
        version = lock_version(finding.version_id)
        judge_officer(version, officer)
        if finding.severity == FindingSeverity.WARN:
            raise CopyRefused(Refusal.NO_EXCEPTION_FOR_WARNING)
        if WordingException.objects.filter(finding=finding).exists():
            raise CopyRefused(Refusal.ALREADY_EXCEPTED)
        proposal = {
            "finding": finding.pk,
            "version": version.pk,
            "copy": version.copy.code,
            "rule": finding.rule,
            "text": finding.text,
            "template_hash": version.template_hash,
        }
        return requests.propose(
            kind=KIND,
            proposal=proposal,
            diff={finding.rule: [finding.severity, "exception"]},
            summary=f"Exception for {finding.rule} in {version.copy.code}",
            reason=reason,
            maker=officer,
            now=now,
        )


def apply(request: Request, now: datetime) -> None:
    """Grant it, in the transaction of the approval.

    Raises BasisChanged once the version is decided, CannotDecide for somebody who wrote in it.
    """
    proposal = request.proposal
    version = lock_version(proposal["version"])
    finding = CopyFinding.objects.get(pk=proposal["finding"])
    assert request.checker is not None
    if version.state != CopyState.SUBMITTED or version.template_hash != proposal["template_hash"]:
        raise BasisChanged(Refusal.NOT_SUBMITTED)
    if request.checker_id in version.editors:
        raise CannotDecide(Refusal.OWN_COPY)
    WordingException.objects.create(
        finding=finding,
        version=version,
        rule=finding.rule,
        text=finding.text,
        template_hash=version.template_hash,
        reason=request.reason,
        asked_by=request.maker,
        granted_by=request.checker,
        granted_at=now,
        request_id=request.pk,
    )


def pending(version: CopyVersion) -> dict[int, Request]:
    """Requests for exceptions of a version that wait for a second officer, by finding."""
    found = Request.objects.filter(kind=KIND, state="pending", proposal__version=version.pk)
    return {request.proposal["finding"]: request for request in found.select_related("maker")}
