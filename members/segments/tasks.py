"""Tasks of segments: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.segments.keeping.clean import clean
from members.segments.keeping.keep import JOB as KEEP_JOB
from members.segments.keeping.keep import has_pending, keep
from members.segments.keeping.verify import JOB as VERIFY_JOB
from members.segments.keeping.verify import Differing, differences, verify_nightly


@shared_task
def keep_segments() -> None:
    """Keep segments up to date. Records no run when there is nothing to do."""
    at = now()
    if not has_pending(now=at):
        return
    with record(KEEP_JOB, now=at, caller="beat") as run:
        done = keep(now=at, progress=run.advance)
        run.advance(done.claims, done.claims)
        run.detail(joined=done.joined, left=done.left, computed=done.computed)


@shared_task
def verify_segments() -> None:
    """Verify segments nightly, and delete what is no longer needed; the jobs page shows the result."""
    at = now()
    with record(VERIFY_JOB, now=at, caller="beat") as run:
        clean(at)
        found = verify_nightly(now=at, progress=run.advance)
        run.detail(**found)
        if what := differences(found):
            raise Differing(f"Not what the rules say: {what}")
