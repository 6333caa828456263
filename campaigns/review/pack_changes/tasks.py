"""Tasks of rule packs: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from campaigns.review.pack_changes.rescan import JOB, pending, rescan
from crm.runtime.background.jobs import record
from crm.runtime.clock import now


@shared_task
def rescan_copy() -> None:
    """Read approved copy with rule packs that took effect. Records no run when there is nothing to do."""
    at = now()
    if not pending(at):
        return
    with record(JOB, now=at, caller="beat") as run:
        done = rescan(at, lambda read: run.advance(read, None))
        run.advance(done.versions, done.versions)
        run.detail(lapsed=done.lapsed)
