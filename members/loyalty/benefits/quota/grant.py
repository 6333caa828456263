"""Ask for a benefit above its cost limit: a second person approves, and with that it is granted."""

from __future__ import annotations

from datetime import datetime

from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.benefits.quota.use import (
    Refusal,
    UseRefused,
    lock_quota,
    require_available,
    require_member,
    store,
)

KIND = "loyalty.benefit_grant"


def propose(
    *, member_id: int, benefit_id: int, reason: str, maker: Staff, now: datetime, reference: str = ""
) -> Request:
    """Ask for one use. Nothing is held back of the quota meanwhile: whoever comes first has it.

    Raises PermissionDenied, UseRefused (also where it needs no request), and what requests.propose raises.
    """
    require_member(member_id, maker)
    found = require_available(member_id, benefit_id, at=now, now=now)
    if not found.needs_approval:
        raise UseRefused(Refusal.NO_REQUEST_NEEDED)
    content = {"member": member_id, "benefit": benefit_id}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content
        | {
            "version": found.version.pk,
            "name": found.version.name,
            "name_en": found.version.name_en,
            "tier": found.tier.pk,
            "cost": str(found.cost),
            "used": found.used,
            "quota": found.quota,
            "reference": reference.strip(),
        },
        diff={"used": [found.used, found.used + 1]},
        summary=f"Grant benefit {found.version.benefit.code} to member #{member_id}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Grant the approved benefit: a use at the instant of approval, against the quota of then.

    Raises BasisChanged where the quota is used up, the tier no longer has the benefit, or its cost is another
    by now.
    """
    asked = request.proposal
    lock_quota(asked["member"])
    try:
        found = require_available(asked["member"], asked["benefit"], at=now, now=now)
    except UseRefused as error:
        raise requests.BasisChanged(error.code) from error
    if str(found.cost) != asked["cost"]:
        raise requests.BasisChanged(Refusal.COST_CHANGED)
    store(
        found,
        asked["member"],
        at=now,
        key=f"request {request.pk}",
        staff=request.maker,
        reference=asked["reference"],
        request_id=request.pk,
        now=now,
    )
