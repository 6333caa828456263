"""The loyalty programme of the demonstration: four tiers and what they offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from crm.demo.benefits import create_benefits
from crm.runtime.clock import day_start
from crm.staff.models import Staff
from members.loyalty.models import Programme, Tier

TIERS = (
    ("classic", "普卡", "Classic"),
    ("gold", "金卡", "Gold"),
    ("platinum", "白金卡", "Platinum"),
    ("diamond", "钻石卡", "Diamond"),
)


def create_loyalty(staff: Sequence[Staff], *, today: date, now: datetime) -> int:
    """Create the programme with its tiers and benefits; returns how many uses of benefits it has seen."""
    programme = Programme.objects.create(
        code="evergreen",
        name="长青会",
        name_en="Evergreen Club",
        is_main=True,
        made_at=day_start(date(today.year - 1, 1, 1)),
    )
    Tier.objects.bulk_create(
        Tier(programme=programme, rank=rank, code=code, name=name, name_en=english)
        for rank, (code, name, english) in enumerate(TIERS)
    )
    return create_benefits(programme, staff, today=today, now=now)
