"""Tasks of review: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from campaigns.review.copy.lapse import JOB, has_due, record_lapses
from crm.runtime.background.jobs import record
from crm.runtime.clock import now


@shared_task
def lapse_copy() -> None:
    """Record the approvals that have ended. Records no run when there is nothing to do."""
    at = now()
    if not has_due(at):
        return
    with record(JOB, now=at, caller="beat") as run:
        done = record_lapses(at, progress=run.advance)
        run.advance(done.total, done.total)
        run.detail(ended=done.ended, rerated=done.rerated)
