"""Lifecycle tasks: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.lifecycle.policy import trial
from members.lifecycle.recording.nightly import Differing, differences, verify_nightly
from members.lifecycle.recording.restage import JOB as RESTAGE_JOB
from members.lifecycle.recording.restage import has_pending, restage
from members.lifecycle.recording.verify import JOB as VERIFY_JOB


@shared_task
def restage_pending() -> None:
    """Restage what changed or is due. Records no run when there is nothing to do."""
    at = now()
    if not has_pending(now=at):
        return
    with record(RESTAGE_JOB, now=at, caller="beat") as run:
        done = restage(now=at, progress=run.advance)
        run.advance(done.members, done.members)
        run.detail(
            transitions=done.transitions, superseded=done.superseded, batches=done.batches, failed=done.failed
        )


@shared_task
def verify() -> None:
    """Verify stages, counts and records nightly; the jobs page shows the result."""
    at = now()
    with record(VERIFY_JOB, now=at, caller="beat") as run:
        found = verify_nightly(now=at, progress=run.advance)
        run.detail(**found)
        if what := differences(found):
            raise Differing(f"Not what the facts say: {what}")


@shared_task
def delete_old_trials() -> None:
    """Delete trials that no request can rest on any more."""
    trial.delete_old_trials(now())
