"""What runs by itself: ratings and house rules that begin to count are told to the change queue."""

from __future__ import annotations

from celery import shared_task

from crm.runtime import clock
from members.portfolio.suitability.announce import announce_due


@shared_task
def announce_ratings() -> None:
    """Every hour: at the start of a platform day in any zone, and again should a run be missed."""
    announce_due(clock.now())
