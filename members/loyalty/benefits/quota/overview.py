"""The benefits of one member for a page: the tier, what is left of each, and the latest uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, F, Func, Value

from members.loyalty.benefits.quota.available import Available, available_benefits
from members.loyalty.benefits.quota.use import can_be_undone
from members.loyalty.models import BenefitUse, Tier

SHOWN = 12


@dataclass(frozen=True)
class ShownUse:
    """A use, and whether it can still be undone."""

    use: BenefitUse
    can_be_undone: bool


@dataclass(frozen=True)
class MemberBenefits:
    """`tier` is that in the main programme; None without a programme. The latest uses come first."""

    tier: Tier | None
    benefits: Sequence[Available]
    uses: Sequence[ShownUse]


def benefits_of(member_id: int, now: datetime) -> MemberBenefits:
    """What the member has now. Five queries, whoever asks: visibility is the caller's."""
    uses = BenefitUse.objects.filter(member=member_id, at__lte=now)
    uses = uses.select_related("version", "recorded_by", "undone_by").order_by("-at", "-id")[:SHOWN]
    return MemberBenefits(
        _tier(member_id, now),
        available_benefits(member_id, now),
        [ShownUse(use, can_be_undone(use, now)) for use in uses],
    )


def _tier(member_id: int, now: datetime) -> Tier | None:
    held = Func(
        Value(member_id), F("programme_id"), Value(now), function="loyalty_tier_at",
        output_field=BigIntegerField(),
    )  # fmt: skip
    return Tier.objects.filter(programme__is_main=True, pk=held).first()
