"""What the rights of members do in the background."""

from __future__ import annotations

from celery import shared_task

from crm.runtime import clock
from members.profiles.rights.sealed import empty_expired


@shared_task(ignore_result=True)
def empty_sealed_data() -> None:
    """Delete sealed data whose retention ended."""
    empty_expired(clock.day_of(clock.now()))
