"""What loyalty costs: earning in bulk and single redemptions, against the same rows and statements bare."""

from __future__ import annotations

from typing import Any

from benchmarks.loyalty import data, earning, redeeming, tiers


def run(members: int, as_json: bool = False) -> dict[str, Any]:
    """Members with a buy each, earned by a rule with all its limits; then redeemed one by one."""
    programme = data.build(members)
    return {
        "members": members,
        **earning.measure(members),
        **redeeming.measure(programme),
        **tiers.measure(members),
    }
