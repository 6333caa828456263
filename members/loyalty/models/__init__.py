"""Loyalty: programmes and tiers, benefits, points, badges and quests."""

from members.loyalty.models.programme import Programme, Tier
from members.loyalty.models.tiers import (
    ChangeReason,
    Downgrade,
    Metric,
    Review,
    TierChange,
    TierDirty,
    TierOverride,
    TierPolicy,
    TierStanding,
    TierSweep,
    TierTrial,
    Upgrade,
)

__all__ = [
    "ChangeReason",
    "Downgrade",
    "Metric",
    "Programme",
    "Review",
    "Tier",
    "TierChange",
    "TierDirty",
    "TierOverride",
    "TierPolicy",
    "TierStanding",
    "TierSweep",
    "TierTrial",
    "Upgrade",
]
