"""A programme of four tiers with benefits that two people approved, for tests."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role
from members.loyalty.benefits.quota import use
from members.loyalty.benefits.settings import change
from members.loyalty.models import Benefit, BenefitUse, Programme, Tier
from members.profiles.models import Household, Member
from tests.crm.cast import NOW, staff_of

TIERS = ("basic", "gold", "platinum", "diamond")
VALUES: dict[str, Any] = {
    "name": "机场贵宾厅",
    "name_en": "Airport lounge",
    "kind": "travel",
    "period": "month",
    "cost": "180.00",
    "supplier": "Dragon Lounge",
    "is_shared": False,
    "manager_hours": "0.00",
    "approval_above": None,
    "valid_from": None,
    "valid_until": None,
}
SEEN = {"cost": {"before": "0.00", "after": "100.00"}}


def programme(code: str = "main") -> Programme:
    """A programme with its tiers; the first one made is the main one, and found under any code."""
    if code == "main" and (found := Programme.objects.filter(is_main=True).first()):
        return found
    made, is_new = Programme.objects.get_or_create(
        code=code, defaults={"name": "会员计划", "is_main": not Programme.objects.exists(), "made_at": NOW}
    )
    if is_new:
        Tier.objects.bulk_create(
            Tier(programme=made, rank=rank, code=name, name=name) for rank, name in enumerate(TIERS)
        )
    return made


def propose(
    code: str = "lounge",
    *,
    quotas: dict[str, int] | None = None,
    day: date | None = None,
    now: datetime = NOW,
    **values: Any,
) -> Request:
    """A pending request for a version."""
    home = programme()
    made = change.draft(
        programme=home,
        code=code,
        values=change.version_values(VALUES | values),
        quotas={"basic": 2} if quotas is None else quotas,
        effective_from=day or day_of(now),
        now=now,
        is_new=not Benefit.objects.filter(programme=home, code=code).exists(),
    )
    maker = staff_of(Role.OPERATIONS)
    return change.propose(made, reason="as agreed", maker=maker, preview=SEEN, now=now)


def approve(request: Request, now: datetime = NOW) -> Request:
    """Approved, and so applied, by somebody else."""
    return requests.approve(
        request_id=request.pk, checker=staff_of(Role.COMPLIANCE), opinion="looked at it", now=now
    )


def benefit(code: str = "lounge", **given: Any) -> Benefit:
    """A benefit, or its next version, in force from `day` (today) on."""
    approve(propose(code, **given), given.get("now", NOW))
    return Benefit.objects.get(code=code)


def family(*members: Member, name: str = "王家") -> Household:
    """A household of these members."""
    made = Household.objects.create(name=name)
    Member.objects.filter(pk__in=[one.pk for one in members]).update(household=made)
    return made


def used(who: Member, what: Benefit, key: str, at: datetime = NOW, **given: Any) -> BenefitUse:
    """A use as customer service records it."""
    staff = given.pop("staff", None) or staff_of(Role.CUSTOMER_SERVICE)
    return use.record(
        member_id=who.pk, benefit_id=what.pk, at=at, key=key, staff=staff, **{"now": max(at, NOW)} | given
    )
