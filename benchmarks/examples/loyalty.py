"""How the pages of loyalty are opened; those of one row not at all where the world has no such row."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from benchmarks.examples.world import (
    ADMIN,
    ANALYST,
    COMPLIANCE,
    LEAD,
    OPERATIONS,
    RM,
    SERVICE,
    WORK,
    Asked,
    Examples,
    World,
    at,
    of_operations,
    of_own,
    plain,
)
from members.loyalty.models import Benefit, Incentive, Tier


def _tier_changes(world: World) -> Iterator[Asked]:
    """Of each two tiers."""
    ids = list(Tier.objects.filter(programme__is_main=True).order_by("rank").values_list("pk", flat=True))
    pages = [at("loyalty-tier-changes", **{"from": a, "to": b}) for a, b in pairwise(ids)]
    if pages:
        yield Asked("loyalty/tier-changes/", (OPERATIONS, ANALYST), pages)


def _of_benefits(world: World) -> Iterator[Asked]:
    pages = [at("benefit-change", pk) for pk in Benefit.objects.values_list("pk", flat=True)]
    if pages:
        yield Asked("benefit-change", (OPERATIONS, COMPLIANCE), pages)


def _of_incentives(name: str) -> Examples:
    def ask(world: World) -> Iterator[Asked]:
        pages = [at(name, code) for code in Incentive.objects.values_list("code", flat=True)]
        if pages:
            yield Asked(name, (OPERATIONS, ADMIN), pages)

    return ask


LOYALTY: dict[str, Examples] = {
    "loyalty": plain("loyalty", OPERATIONS, ANALYST),
    "loyalty-settings": plain("loyalty-settings", OPERATIONS, ADMIN),
    "loyalty-tier-changes": _tier_changes,
    "tier-rules": plain("tier-rules", OPERATIONS, COMPLIANCE, ADMIN),
    "tier-override": of_own("tier-override", RM, LEAD),
    "benefit-settings": plain("benefit-settings", OPERATIONS, COMPLIANCE),
    "benefit-new": plain("benefit-new", OPERATIONS),
    "benefit-change": _of_benefits,
    "benefit-reconcile": plain("benefit-reconcile", OPERATIONS, ANALYST),
    "benefit-desk": plain("benefit-desk", *WORK),
    "benefit-desk-member": of_own("benefit-desk-member", *WORK),
    "points-rules": plain("points-rules", OPERATIONS),
    "points-rule": of_operations("points-rule", activity="transaction"),
    "points-budget": plain("points-budget", OPERATIONS),
    "points-rewards": plain("points-rewards", OPERATIONS),
    "points-reward": plain("points-reward", OPERATIONS),
    "points-liability": plain("points-liability", OPERATIONS),
    "points-adjust": of_own("points-adjust", SERVICE, OPERATIONS),
    "incentives": plain("incentives", OPERATIONS, COMPLIANCE),
    "incentive-new": plain("incentive-new", OPERATIONS),
    "incentive": _of_incentives("incentive"),
    "incentive-change": _of_incentives("incentive-change"),
}
