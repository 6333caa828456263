"""Benefits of the demonstration: configured by two people at the start of last year, used since.

Uses are recorded by statement, not one by one, against the quotas as everywhere: the table's trigger counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection

from crm.runtime.clock import day_of, day_start
from crm.runtime.sql_files import sql_beside
from crm.staff.four_eyes import requests
from crm.staff.models import Role, Staff
from members.loyalty.benefits.quota import grant, use
from members.loyalty.benefits.settings import change
from members.loyalty.models import Benefit, Programme, Tier
from members.profiles.models import Member

_USES = sql_beside(__file__)("benefit_uses")
_PLAIN: dict[str, Any] = {
    "name": "",
    "name_en": "",
    "kind": "service",
    "period": "month",
    "cost": "0.00",
    "supplier": "",
    "is_shared": False,
    "manager_hours": "0.00",
    "approval_above": None,
    "valid_from": None,
    "valid_until": None,
}
# Quotas are by rank, the lowest tier first; 0: the tier does not have it.
BENEFITS: tuple[tuple[str, dict[str, Any], tuple[int, ...]], ...] = (
    (
        "hotline",
        {"name": "专属客服热线", "name_en": "Priority service line", "cost": "15.00"},
        (2, 10, 20, 40),
    ),
    (
        "lounge",
        {
            "name": "机场贵宾厅",
            "name_en": "Airport lounge",
            "kind": "travel",
            "period": "quarter",
            "cost": "180.00",
            "supplier": "云端出行",
        },
        (0, 2, 6, 12),
    ),
    (
        "transfer",
        {
            "name": "机场接送",
            "name_en": "Airport transfer",
            "kind": "travel",
            "period": "quarter",
            "cost": "260.00",
            "supplier": "云端出行",
            "is_shared": True,
        },
        (0, 1, 2, 4),
    ),
    (
        "checkup",
        {
            "name": "年度体检",
            "name_en": "Annual health check",
            "kind": "health",
            "period": "year",
            "cost": "1800.00",
            "supplier": "康宁健康管理中心",
        },
        (0, 0, 1, 2),
    ),
    (
        "review",
        {
            "name": "家庭资产检视",
            "name_en": "Family wealth review",
            "kind": "advice",
            "period": "year",
            "manager_hours": "2.00",
            "is_shared": True,
        },
        (0, 1, 2, 4),
    ),
    (
        "specialist",
        {
            "name": "专家门诊绿色通道",
            "name_en": "Specialist appointment",
            "kind": "health",
            "period": "year",
            "cost": "6000.00",
            "approval_above": "5000.00",
            "supplier": "康宁健康管理中心",
        },
        (0, 0, 0, 2),
    ),
)
REASON = "年度权益方案，与供应商合同一致 / Annual benefit plan, as contracted"


def create_benefits(programme: Programme, staff: Sequence[Staff], *, today: date, now: datetime) -> int:
    """Configure the benefits and record their use since; returns the number of uses."""
    since = day_start(date(today.year - 1, 1, 1))
    maker = next(one for one in staff if one.role == Role.OPERATIONS)
    checker = next(one for one in staff if one.role == Role.COMPLIANCE)
    tiers = list(programme.tiers.order_by("rank"))
    for code, values, quotas in BENEFITS:
        made = _draft(programme, code, values, _by_tier(tiers, quotas), since)
        request = change.propose(made, reason=REASON, maker=maker, preview={}, now=since)
        requests.approve(request_id=request.pk, checker=checker, opinion="已核对合同", now=since)
    service = [one.pk for one in staff if one.role == Role.CUSTOMER_SERVICE]
    with connection.cursor() as cursor:
        cursor.execute(_USES, {"programme": programme.pk, "now": now, "year": today.year, "staff": service})
        used = cursor.rowcount
    _ask_for_grant(next(one for one in staff if one.role == Role.CUSTOMER_SERVICE), now)
    return used


def _draft(
    programme: Programme, code: str, values: dict[str, Any], quotas: dict[str, int], now: datetime
) -> change.Draft:
    return change.draft(
        programme=programme,
        code=code,
        values=change.version_values(_PLAIN | values),
        quotas=quotas,
        effective_from=day_of(now),
        now=now,
        is_new=True,
    )


def _by_tier(tiers: Sequence[Tier], quotas: Sequence[int]) -> dict[str, int]:
    return {tier.code: quota for tier, quota in zip(tiers, quotas, strict=False) if quota}


def _ask_for_grant(maker: Staff, now: datetime) -> None:
    """One grant that awaits its approval, for the wealthiest member who has the benefit."""
    benefit = Benefit.objects.get(code="specialist")
    for member_id in Member.objects.order_by("-standing__aum", "id").values_list("pk", flat=True)[:5]:
        try:
            grant.propose(
                member_id=member_id, benefit_id=benefit.pk, reason="家人下周手术前会诊", maker=maker, now=now
            )
        except use.UseRefused:
            continue
        return
