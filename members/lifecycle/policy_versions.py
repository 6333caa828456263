"""Which version of the policy is in force at an instant, and which come into force soon."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from members.lifecycle.models import Policy

SOON = timedelta(days=7)


def policy_at(at: datetime) -> Policy:
    """The policy version in force at an instant; before the first one, the first. One or two queries."""
    policies = Policy.objects.order_by("-effective_from", "-version")
    return policies.filter(effective_from__lte=at).first() or policies.reverse()[0]


def in_force(versions: Iterable[Policy], at: datetime) -> Policy:
    """policy_at() of versions that are all read."""
    known = sorted(versions, key=lambda one: (one.effective_from, one.version))
    return next((one for one in reversed(known) if one.effective_from <= at), known[0])


def list_versions() -> list[Policy]:
    """Every version, the one that starts last first. One query."""
    return list(Policy.objects.order_by("-effective_from", "-version"))


def latest_policy() -> Policy:
    """What a new version builds on, since it may not start before any other: the one that starts last."""
    return Policy.objects.order_by("-effective_from", "-version")[0]


def upcoming_policies(now: datetime) -> list[Policy]:
    """The versions that come into force within a week, earliest first: until then a stage change that one
    of them brings surprises the reader. One query. Uses index: policy_in_force
    """
    rows = Policy.objects.filter(effective_from__gt=now, effective_from__lte=now + SOON)
    return list(rows.order_by("effective_from", "version"))
