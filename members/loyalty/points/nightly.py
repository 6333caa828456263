"""The nightly run of loyalty, in its fixed order: pending points, tiers, expiry, tiers.

1. Points whose pending period is over become available and pay debts.
2. Tiers are reviewed, on what has been earned and held, before anything lapses.
3. Points whose term is over lapse; what lapses next is announced.
4. Tiers are reviewed again, so that no tier stands on points that are gone.

Instants are those of the facts, not of the run: points lapse at the end of their last platform day however
late the run comes. Killed anywhere, it does the rest when it runs again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from members.loyalty.models import Programme
from members.loyalty.points.ledger.notices import announce_lapsing
from members.loyalty.points.ledger.settle import settle_due
from members.loyalty.points.reports.liability import store_cohorts

JOB = "settle points"  # the name its runs are recorded under
Review = Callable[[datetime], object]


@dataclass
class Night:
    """What the run did: accounts settled, points available and lapsed, notices, cohorts stored."""

    accounts: int = 0
    activated: int = 0
    lapsed: int = 0
    announced: int = 0
    cohorts: int = 0


def run_nightly(*, now: datetime, review: Review, progress: Callable[[int], None] | None = None) -> Night:
    """Do all of it up to `now`; `review` brings the tiers up to an instant."""
    opened = settle_due(now=now, lapse=False, progress=progress)
    review(now)
    lapsed = settle_due(now=now, progress=progress)
    announced = announce_lapsing(now=now)
    review(now)
    cohorts = sum(store_cohorts(one, now=now) for one in Programme.objects.values_list("pk", flat=True))
    return Night(lapsed.accounts, opened.activated + lapsed.activated, lapsed.lapsed, announced, cohorts)
