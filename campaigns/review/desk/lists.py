"""The desk's lists: what waits by deadline, what is approved, ends soon or has lapsed; the archive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from campaigns.review.models import (
    CopyState,
    CopyVersion,
    FindingSeverity,
    Opinion,
    ReviewClaim,
    WordingException,
)
from crm.runtime.clock import day_start
from crm.staff.models import Staff
from crm.web.lists.keyset import Order
from crm.web.lists.tokens import parse_instant
from members.lifecycle.counts.periods import Month

SOON = timedelta(days=14)
# Uses indexes: copyversion_queue, copyversion_due.
BY_DEADLINE = Order("deadline", parse_instant, descending=False, nulls=False)
BY_END = Order("expires_at", parse_instant, descending=False, nulls=False)
LAST_LAPSED = Order("lapsed_at", parse_instant, nulls=False, key_descending=True)
LATEST = Order("at", parse_instant, nulls=False, key_descending=True)
LAST_GRANTED = Order("granted_at", parse_instant, nulls=False, key_descending=True)
_SEVEREST_FIRST = (FindingSeverity.BLOCK, FindingSeverity.REQUIRE_DISCLOSURE, FindingSeverity.WARN)


@dataclass(frozen=True)
class Waiting:
    """A submitted version in the queue. `claim`: who works on it now; `is_own`: the reader wrote in it."""

    version: CopyVersion
    counts: tuple[tuple[str, str, int], ...]  # severity, its words, findings
    claim: ReviewClaim | None
    is_own: bool
    is_late: bool


def queue(*, rule: str = "", channel: str = "") -> QuerySet[CopyVersion]:
    """The submitted versions, of one channel or with a finding by one rule where asked for."""
    rows = CopyVersion.objects.filter(state=CopyState.SUBMITTED)
    if channel:
        rows = rows.filter(channel=channel)
    if rule:
        rows = rows.filter(findings__rule=rule).distinct()
    return rows


def with_findings(rows: QuerySet[CopyVersion]) -> QuerySet[CopyVersion]:
    """The rows with what a line of the queue shows."""
    counted = {
        str(severity): Count("findings", filter=Q(findings__severity=severity), distinct=True)
        for severity in FindingSeverity
    }
    return _with_copy(rows).select_related("claim__officer", "submitted_by").annotate(**counted)


def waiting(rows: Iterable[CopyVersion], reader: Staff, now: datetime) -> list[Waiting]:
    """The rows of `with_findings` for one reader."""
    return [_waiting(row, reader, now) for row in rows]


def _waiting(row: CopyVersion, reader: Staff, now: datetime) -> Waiting:
    counts = tuple(
        (str(severity), str(severity.label), getattr(row, severity))
        for severity in _SEVEREST_FIRST
        if getattr(row, severity)
    )
    claim = getattr(row, "claim", None)
    return Waiting(
        row,
        counts,
        claim if claim is not None and claim.until > now else None,
        reader.pk in row.editors,
        row.deadline is not None and row.deadline < now,
    )


def approved(now: datetime) -> QuerySet[CopyVersion]:
    """What may be sent as far as its approval goes."""
    return _with_copy(
        CopyVersion.objects.filter(state=CopyState.APPROVED, lapsed_at=None, expires_at__gt=now)
    ).select_related("checker")


def ending_soon(now: datetime) -> QuerySet[CopyVersion]:
    """Approvals that end within SOON, the first first."""
    return approved(now).filter(expires_at__lte=now + SOON)


def lapsed(*, month: date | None = None, reason: str = "") -> QuerySet[CopyVersion]:
    """Approvals that ended by themselves, of a month or for one reason where asked for."""
    rows = CopyVersion.objects.filter(lapsed_at__isnull=False)
    if reason:
        rows = rows.filter(lapse_reason=reason)
    return _with_copy(_of_month(rows, "lapsed_at", month)).select_related("checker")


def opinions(*, month: date | None = None, decision: str = "", rule: str = "") -> QuerySet[Opinion]:
    """The archive, newest first: of a month, a decision, or with a finding by one rule."""
    rows = Opinion.objects.all()
    if decision:
        rows = rows.filter(decision=decision)
    if rule:
        rows = rows.filter(findings__contains=[{"rule": rule}])
    rows = _of_month(rows, "at", month)
    return rows.select_related("by", "version__maker", "version__copy__product")


def exceptions(*, month: date | None = None, rule: str = "") -> QuerySet[WordingException]:
    """The exceptions that were granted, newest first."""
    rows = WordingException.objects.all()
    if rule:
        rows = rows.filter(rule=rule)
    rows = _of_month(rows, "granted_at", month)
    return rows.select_related("asked_by", "granted_by", "finding", "version__copy")


def _with_copy(rows: QuerySet[CopyVersion]) -> QuerySet[CopyVersion]:
    return rows.select_related("copy__product", "maker")


def _of_month(rows: QuerySet, column: str, month: date | None) -> QuerySet:
    if month is None:
        return rows
    since, until = day_start(month), day_start(Month(month).following)
    return rows.filter(**{f"{column}__gte": since, f"{column}__lt": until})
