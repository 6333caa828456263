"""Tasks of the overview: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.loyalty.models import LoyaltyCount
from members.loyalty.overview.counts.maintenance import JOB, compact, find_miscounts


class Miscounted(AssertionError):
    """Kept counts of the overview differ from the rows that they count."""


@shared_task
def compact_counts() -> None:
    """Add the rows of the writers to the totals. Records no run: it changes no number."""
    compact()


@shared_task
def verify_counts() -> None:
    """Count all again at night; the jobs page shows the result."""
    with record(JOB, now=now(), caller="beat") as run:
        found = find_miscounts()
        run.detail(counts=LoyaltyCount.objects.filter(is_total=True).count(), differing=len(found))
        if found:
            raise Miscounted(f"Not what the rows say: {found[:3]}")
