"""Give a member another tier for a time: proposed by one person, applied by a second, ended by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.models import Tier, TierOverride, TierStanding
from members.profiles.models import Member

KIND = "loyalty.tier_override"
LONGEST = timedelta(days=366)


class Refusal(StrEnum):
    """Why an override is refused: members.loyalty.tiers.sentences.refusals words each code."""

    MEMBER_NOT_FOUND = "tier_override_member_not_found"  # or not visible to this person
    ENDS_TOO_EARLY = "tier_override_ends_too_early"  # it would not have begun
    ENDS_TOO_LATE = "tier_override_ends_too_late"


class OverrideRefused(CodedError):
    """An override that cannot be asked for; `code` is a Refusal."""


def propose_override(
    member: int, tier: Tier, *, starts_on: date, ends_on: date, reason: str, maker: Staff, now: datetime
) -> Request:
    """Ask for a tier from the start of one platform day until the start of another, tomorrow at the earliest.

    Raises OverrideRefused, and what requests.propose raises.
    """
    if not Member.objects.visible_to(maker).filter(pk=member, registered_at__lte=now).exists():
        raise OverrideRefused(Refusal.MEMBER_NOT_FOUND)
    starts_on = max(starts_on, day_of(now) + timedelta(days=1))
    if ends_on <= starts_on:
        raise OverrideRefused(Refusal.ENDS_TOO_EARLY)
    if ends_on > starts_on + LONGEST:
        raise OverrideRefused(Refusal.ENDS_TOO_LATE)
    standing = TierStanding.objects.filter(member=member, programme=tier.programme_id).first()
    content = {
        "member": member,
        "programme": tier.programme_id,
        "tier": tier.pk,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
    }
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content,
        diff={"tier": [standing.tier_id if standing else None, tier.pk]},
        summary=f"Tier override of member {member}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved override; it counts from its day on, tomorrow at the earliest.

    Raises BasisChanged where it would have ended before it could begin.
    """
    proposal = request.proposal
    starts_on = max(date.fromisoformat(proposal["starts_on"]), day_of(now) + timedelta(days=1))
    ends_on = date.fromisoformat(proposal["ends_on"])
    if ends_on <= starts_on:
        raise requests.BasisChanged(Refusal.ENDS_TOO_EARLY)
    TierOverride.objects.create(
        member_id=proposal["member"],
        programme_id=proposal["programme"],
        tier_id=proposal["tier"],
        starts_on=starts_on,
        ends_on=ends_on,
        reason=request.reason,
        request_id=request.pk,
        made_at=now,
    )
