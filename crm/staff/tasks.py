"""Tasks for what time alone ends: sessions, failed sign-ins, requests."""

from __future__ import annotations

from datetime import UTC, datetime

from celery import shared_task

from crm.runtime.clock import now
from crm.staff.accounts import sessions
from crm.staff.accounts.guessing import delete_old_failures
from crm.staff.four_eyes.requests import expire_due


@shared_task(name="staff.expire_requests")
def expire_requests() -> int:
    """Close requests nobody decided in time; returns how many."""
    return expire_due(now())


@shared_task(name="staff.forget_sessions")
def forget_sessions() -> int:
    """Delete sessions that have run out and failed sign-ins that shut nobody out; returns how many."""
    now = datetime.now(UTC)
    return sessions.delete_expired(now) + delete_old_failures(now)
