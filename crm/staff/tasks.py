"""What time alone does to the ground floor."""

from __future__ import annotations

from datetime import UTC, datetime

from celery import shared_task

from crm.runtime.clock import now
from crm.staff.accounts import sessions
from crm.staff.four_eyes.requests import expire_due


@shared_task(name="staff.expire_requests")
def expire_requests() -> int:
    """Close requests nobody decided in time; returns how many."""
    return expire_due(now())


@shared_task(name="staff.forget_sessions")
def forget_sessions() -> int:
    """Delete the sessions that have run out; returns how many."""
    return sessions.forget(datetime.now(UTC))
