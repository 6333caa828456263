"""Tasks of tiers: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.loyalty.tiers.keeping import verify as verification
from members.loyalty.tiers.keeping.keep import JOB, has_pending, keep
from members.loyalty.tiers.preview import trial


@shared_task
def keep_tiers() -> None:
    """Review members whose facts changed or who are due. Records no run when there is nothing to do."""
    at = now()
    if not has_pending(now=at):
        return
    with record(JOB, now=at, caller="beat") as run:
        done = keep(now=at, progress=run.advance)
        run.advance(done.members, done.members)
        run.detail(added=done.added, superseded=done.superseded)


@shared_task
def verify_tiers() -> None:
    """Verify tiers nightly; the jobs page shows the result."""
    at = now()
    with record(verification.JOB, now=at, caller="beat") as run:
        found = verification.verify_nightly(now=at, progress=run.advance)
        run.detail(**found)
        if found["differing"]:
            raise verification.Differing(f"{found['differing']} members differed; they are reviewed again")


@shared_task
def delete_old_previews() -> None:
    """Delete previews that no request can rest on any more."""
    trial.delete_old_trials(now())
