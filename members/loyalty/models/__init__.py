"""Loyalty: programmes and tiers, benefits, points, badges and quests."""

from members.loyalty.models.programme import Programme, Tier

__all__ = [
    "Programme",
    "Tier",
]
