"""Decide about a submitted version: approve, return or reject it, with an opinion that is archived."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from campaigns.review.copy.check import find, pack_of, risk_of
from campaigns.review.copy.errors import CopyRefused, Refusal
from campaigns.review.copy.write import lock_version
from campaigns.review.models import (
    MOST_APPROVED_DAYS,
    CopyFinding,
    CopyState,
    CopyVersion,
    Decision,
    FindingSeverity,
    LapseReason,
    Opinion,
)
from campaigns.review.permissions import REVIEW_COPY
from crm.runtime import clock
from crm.runtime.background import changes
from crm.staff.models import Staff
from crm.staff.permissions import require
from crm.staff.privacy.access_log import clean_reason

APPROVED_DAYS = 90  # reference 10.5: the product's default
DECIDED = "review.decided"  # in the change queue: {"version", "copy", "decision"}


def accept(finding_id: int, *, officer: Staff, now: datetime, accepted: bool = True) -> CopyFinding:
    """Accept a warning of a submitted version by name, or take that back. Raises NotAllowed, CopyRefused."""
    require(officer, REVIEW_COPY)
    with transaction.atomic():
        finding = CopyFinding.objects.filter(pk=finding_id).first()
        if finding is None:
            raise CopyRefused(Refusal.FINDING_GONE)
        judge_officer(lock_version(finding.version_id), officer)
        if finding.severity != FindingSeverity.WARN:
            raise CopyRefused(Refusal.ONLY_WARNINGS)
        if finding.justified_by_id == officer.pk:
            raise CopyRefused(Refusal.OWN_COPY)
        finding.accepted_by, finding.accepted_at = (officer, now) if accepted else (None, None)
        finding.save(update_fields=["accepted_by", "accepted_at"])
    return finding


def approve(
    version_id: int,
    *,
    template_hash: str,
    officer: Staff,
    reason: str,
    now: datetime,
    days: int = APPROVED_DAYS,
) -> Opinion:
    """Approve the text with this hash (the one the officer read) for so many days, or until its figures end.

    Raises NotAllowed, ReasonMissing, and CopyRefused: not submitted, one's own, another text, open findings,
    checked by another pack than the one in force, or more days than an approval may hold.
    """
    if not 1 <= days <= MOST_APPROVED_DAYS:
        raise CopyRefused(Refusal.TOO_LONG_APPROVAL, days=MOST_APPROVED_DAYS)
    require(officer, REVIEW_COPY)
    with transaction.atomic():
        version = lock_version(version_id)
        judge_officer(version, officer)
        _judge_check(version, now)
        if count := len(open_findings(version_id, officer)):
            raise CopyRefused(Refusal.OPEN_FINDINGS, count=count)
        expires_at, why = now + timedelta(days=days), LapseReason.EXPIRED
        if version.figures_until is not None:
            end = clock.day_start(version.figures_until + timedelta(days=1))
            if end <= now:
                raise CopyRefused(Refusal.FIGURES_PASSED)
            if end < expires_at:
                expires_at, why = end, LapseReason.FIGURES
        return _give(
            version,
            Decision.APPROVED,
            template_hash,
            officer,
            reason,
            now,
            product_risk=risk_of(version.copy, now),
            expires_at=expires_at,
            expiry_reason=why,
        )


def return_to_maker(
    version_id: int, *, template_hash: str, officer: Staff, reason: str, now: datetime
) -> Opinion:
    """Return it with what to change; the maker writes a new version. Raises as approve."""
    return _decline(version_id, Decision.RETURNED, template_hash, officer, reason, now)


def reject(version_id: int, *, template_hash: str, officer: Staff, reason: str, now: datetime) -> Opinion:
    """Reject it for good. Raises as approve."""
    return _decline(version_id, Decision.REJECTED, template_hash, officer, reason, now)


def open_findings(version_id: int, officer: Staff) -> list[int]:
    """The ids of findings that stand against an approval by this officer: warnings that they did not accept,
    anything worse without an exception that another officer granted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM review_open_findings(%s, %s) ORDER BY id", [version_id, officer.pk])
        return [row[0] for row in cursor.fetchall()]


def judge_officer(version: CopyVersion, officer: Staff) -> None:
    """Raises CopyRefused where this officer cannot decide about the version now."""
    if version.state != CopyState.SUBMITTED:
        raise CopyRefused(Refusal.NOT_SUBMITTED)
    if officer.pk in version.editors:
        raise CopyRefused(Refusal.OWN_COPY)


def archived_findings(version: CopyVersion) -> list[dict[str, Any]]:
    """The findings of a version as an opinion keeps them."""
    rows = version.findings.select_related("justified_by", "accepted_by", "exception__asked_by",
                                           "exception__granted_by").order_by("id")  # fmt: skip
    names = ("part", "rule", "category", "severity", "start", "end", "text", "why", "basis", "justification")
    return [{name: getattr(row, name) for name in names} | _answers(row) for row in rows]


def _answers(row: CopyFinding) -> dict[str, Any]:
    exception = getattr(row, "exception", None)
    return {
        "justified_by": str(row.justified_by or ""),
        "accepted_by": str(row.accepted_by or ""),
        "exception": exception
        and {
            "reason": exception.reason,
            "asked_by": str(exception.asked_by),
            "granted_by": str(exception.granted_by),
        },
    }


def _judge_check(version: CopyVersion, now: datetime) -> None:
    """The findings stored are those that the pack in force finds now: nobody took one away."""
    pack = pack_of(version.language, now)
    stored = set(version.findings.values_list("rule", "part", "start", "end", "severity"))
    found = {
        (one.finding.rule.id, one.part.value, one.start, one.end, one.finding.severity.value)
        for one in find(version, version.copy, pack, risk=risk_of(version.copy, now))
    }
    if not found <= stored:
        raise CopyRefused(Refusal.STALE_CHECK, pack=f"{pack.name} {pack.version}")


def _decline(
    version_id: int, decision: Decision, template_hash: str, officer: Staff, reason: str, now: datetime
) -> Opinion:
    require(officer, REVIEW_COPY)
    with transaction.atomic():
        version = lock_version(version_id)
        judge_officer(version, officer)
        return _give(version, decision, template_hash, officer, reason, now)


def _give(
    version: CopyVersion,
    decision: Decision,
    template_hash: str,
    officer: Staff,
    reason: str,
    now: datetime,
    **terms: Any,
) -> Opinion:
    """Insert the opinion, which is the decision (trigger), and tell the change queue."""
    if version.template_hash != template_hash:
        raise CopyRefused(Refusal.OTHER_TEXT)
    opinion = Opinion.objects.create(
        version=version,
        decision=decision,
        by=officer,
        at=now,
        reason=clean_reason(reason),
        names={
            "maker": str(version.maker),
            "last_editor": str(version.last_editor),
            "checker": str(officer),
        },
        findings=archived_findings(version),
        template_hash=template_hash,
        rendered=version.samples,
        pack_name=version.pack_name,
        pack_version=version.pack_version,
        **terms,
    )
    payload = {"version": version.pk, "copy": version.copy_id, "decision": decision.value}
    changes.append(DECIDED, member_id=None, payload=payload, at=now)
    return opinion
