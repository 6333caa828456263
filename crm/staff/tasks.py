"""What time alone does to the ground floor."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.clock import now
from crm.staff.requests import expire_due


@shared_task(name="staff.expire_requests")
def expire_requests() -> int:
    """Close requests nobody decided in time; returns how many."""
    return expire_due(now())
