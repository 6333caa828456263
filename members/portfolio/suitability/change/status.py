"""Verify that a member is a qualified or professional investor: by four eyes, with evidence, for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import require
from members.portfolio.models import InvestorStatus, Status
from members.portfolio.permissions import VERIFY_STATUS
from members.portfolio.suitability.change.refusals import Refusal, SuitabilityRefused
from members.profiles.models import Member

KIND = "portfolio.investor_status"
LONGEST = timedelta(days=366)  # house policy: evidence of means is asked for again each year


class Basis(StrEnum):
    """Which condition of the status is met; worded in members.portfolio.suitability.sentences.

    Source: 证券期货投资者适当性管理办法 8, 11, 12; 私募投资基金监督管理暂行办法 12 (to be confirmed).
    """

    INSTITUTION = "institution"  # licensed financial institution, its products, pension or social funds
    ASSETS = "assets"  # financial assets of 5 m yuan and 2 years of experience
    INCOME = "income"  # a mean of 500,000 yuan over 3 years and 2 years of experience
    CONVERTED = "converted"  # on request: 3 m or 300,000 yuan and 1 year of experience
    QUALIFIED_ASSETS = "qualified_assets"  # financial assets of 3 m yuan
    QUALIFIED_INCOME = "qualified_income"  # a mean of 500,000 yuan over 3 years


BASES: dict[Status, tuple[Basis, ...]] = {
    Status.QUALIFIED: (Basis.QUALIFIED_ASSETS, Basis.QUALIFIED_INCOME),
    Status.PROFESSIONAL_PERSON: (Basis.ASSETS, Basis.INCOME, Basis.CONVERTED),
    Status.PROFESSIONAL_INSTITUTION: (Basis.INSTITUTION,),
}


@dataclass(frozen=True)
class ProposedStatus:
    """A status with the condition met, where the evidence is kept, and from when until when it counts."""

    status: Status
    basis: Basis
    evidence: str
    verified_on: date
    valid_until: date


def propose(member_id: int, asked: ProposedStatus, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for a status of a member whom the maker sees.

    Raises SuitabilityRefused, Member.DoesNotExist, and what requests.propose raises.
    """
    member = Member.objects.visible_to(maker).get(pk=member_id)
    if asked.verified_on > day_of(now):
        raise SuitabilityRefused(Refusal.NOT_VERIFIED_YET)
    if not asked.evidence.strip() or asked.basis not in BASES[asked.status]:
        raise SuitabilityRefused(Refusal.NO_EVIDENCE)
    if not asked.verified_on < asked.valid_until <= asked.verified_on + LONGEST:
        raise SuitabilityRefused(Refusal.TOO_LONG)
    proposal = {
        "member": member.pk,
        "status": str(asked.status),
        "basis": str(asked.basis),
        "evidence": asked.evidence.strip()[:200],
        "verified_on": asked.verified_on.isoformat(),
        "valid_until": asked.valid_until.isoformat(),
    }
    return requests.propose(
        kind=KIND,
        proposal=proposal,
        diff={"status": [None, str(asked.status)]},
        summary=f"Member {member.pk}: {asked.status}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved status."""
    asked = request.proposal
    InvestorStatus.objects.create(
        member_id=asked["member"],
        request_id=request.pk,
        status=asked["status"],
        basis=asked["basis"],
        evidence=asked["evidence"],
        verified_on=date.fromisoformat(asked["verified_on"]),
        valid_until=date.fromisoformat(asked["valid_until"]),
        created_at=now,
    )


def end(member_id: int, request_id: int, *, reason: str, staff: Staff, now: datetime) -> None:
    """End a status today, by one person: the member is an ordinary investor from now on.

    Raises NotAllowed, SuitabilityRefused.
    """
    require(staff, VERIFY_STATUS)
    if not reason.strip():
        raise SuitabilityRefused(Refusal.NO_REASON)
    running = InvestorStatus.objects.visible_to(staff).filter(
        member_id=member_id, request_id=request_id, ended_on=None, valid_until__gt=day_of(now)
    )
    if not running.update(ended_on=day_of(now), ended_by=staff, end_reason=reason.strip()[:500]):
        raise SuitabilityRefused(Refusal.STATUS_ENDED)
