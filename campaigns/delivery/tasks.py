"""Tasks of delivery: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from campaigns.delivery.messages import run
from crm.runtime import clock


@shared_task
def deliver() -> None:
    """Follow what changed, decide deferred messages again, send what is queued."""
    run.run(clock.now(), caller="beat")
