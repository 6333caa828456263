"""Which version of a programme's tier policy applies on a day."""

from __future__ import annotations

from datetime import date

from members.loyalty.models import TierPolicy


def list_versions(programme: int) -> list[TierPolicy]:
    """Every version of a programme, the latest first. One query."""
    return list(TierPolicy.objects.filter(programme=programme).order_by("-version"))


def policy_on(programme: int, day: date) -> TierPolicy | None:
    """The version that applies on a platform day; None before the first one starts. One query."""
    versions = TierPolicy.objects.filter(programme=programme, effective_from__lte=day)
    return versions.order_by("-effective_from", "-version").first()


def latest_policy(programme: int) -> TierPolicy | None:
    """What a new version builds on, since it may not start before any other. One query."""
    return TierPolicy.objects.filter(programme=programme).order_by("-version").first()
