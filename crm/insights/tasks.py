"""Tasks of the overview: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.insights.kpis.compute import is_behind, refresh
from crm.runtime.clock import now
from crm.runtime.models import RunState
from crm.runtime.work.jobs import latest, record
from members.lifecycle.counts import maintenance

KPIS_JOB = "count the KPIs"


@shared_task
def fold_counts() -> None:
    """Compact the counts of stages and transitions that writers added."""
    maintenance.compact()


@shared_task
def count_kpis() -> None:
    """The nightly values of all KPIs; what it did stands on the jobs page."""
    at = now()
    with record(KPIS_JOB, now=at, caller="beat") as run:
        run.detail(months=refresh(now=at, progress=run.advance))


@shared_task
def catch_up_kpis() -> None:
    """Count what a night without a worker left uncounted."""
    last = latest([KPIS_JOB]).get(KPIS_JOB)
    under_way = last is not None and last.state == RunState.RUNNING
    if not under_way and is_behind(now=now()):
        count_kpis()
