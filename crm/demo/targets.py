"""Targets for the demonstration: what such a platform might have set itself at the beginning of the year."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from crm.insights.kpis.targets import set_target
from crm.staff.models import Role, Staff

REASON = "年度经营计划 / Annual business plan"
TARGETS = {
    "cost_per_registration": "60",
    "registration_conversion": "0.12",
    "lead_registration": "0.7",
    "channel_retention": "0.8",
    "first_investment_conversion": "0.25",
    "time_to_activate": "10",
    "repeat_investment_rate": "0.85",
    "cross_buy_rate": "0.65",
    "retention": "0.95",
    "vip_share": "0.2",
    "churn_rate": "0.02",
    "dormant_share": "0.1",
    "return_rate": "0.1",
    "aum_churn": "0.03",
    "reinvestment": "0.75",
}


def set_targets(*, today: date, now: datetime) -> int:
    """Set each target once for the year, by the head of operations; returns how many."""
    staff = Staff.objects.filter(role=Role.OPERATIONS).order_by("id")[0]
    for kpi, value in TARGETS.items():
        set_target(
            kpi=kpi,
            value=Decimal(value),
            effective_from=date(today.year - 1, 1, 1),
            reason=REASON,
            staff=staff,
            now=now,
        )
    return len(TARGETS)
