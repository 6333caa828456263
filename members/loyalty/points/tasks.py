"""Tasks of points: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.loyalty.points.earning.drain import JOB as EARN_JOB
from members.loyalty.points.earning.drain import drain, has_pending
from members.loyalty.points.nightly import JOB as NIGHTLY_JOB
from members.loyalty.points.nightly import run_nightly
from members.loyalty.points.reports.verify import JOB as VERIFY_JOB
from members.loyalty.points.reports.verify import LedgerDiffers, verify
from members.loyalty.tiers.keeping.keep import keep


@shared_task
def earn_points() -> None:
    """Give what earn rules say for facts that changed. Records no run when there is nothing to do."""
    at = now()
    if not has_pending(now=at):
        return
    with record(EARN_JOB, now=at, caller="beat") as run:
        done = drain(now=at, progress=run.advance)
        run.advance(done.members, done.members)
        run.detail(added=done.added, points=done.points, taken=done.taken, withheld=done.withheld)


@shared_task
def settle_points() -> None:
    """The nightly run: what time brings, in its order."""
    at = now()
    with record(NIGHTLY_JOB, now=at, caller="beat") as run:
        done = run_nightly(now=at, review=lambda until: keep(now=until), progress=run.advance)
        run.detail(
            accounts=done.accounts,
            activated=done.activated,
            lapsed=done.lapsed,
            announced=done.announced,
            cohorts=done.cohorts,
        )


@shared_task
def verify_points() -> None:
    """Verify the ledger nightly; the jobs page shows the result."""
    at = now()
    with record(VERIFY_JOB, now=at, caller="beat") as run:
        found = verify(progress=run.advance)
        run.advance(found.accounts, found.accounts)
        run.detail(accounts=found.accounts, differing=found.differing, members=found.members)
        if found.differing:
            raise LedgerDiffers(f"Accounts that differ from lots and entries: {found.differing}")
