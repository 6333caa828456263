"""Tasks of the KPIs and counts: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.insights.kpis.compute import is_behind, refresh
from crm.runtime.background.jobs import latest, record
from crm.runtime.clock import now
from crm.runtime.models import RunState
from members.lifecycle.counts import maintenance

KPIS_JOB = "count the KPIs"


@shared_task
def aggregate_counts() -> None:
    """Compact the counts of stages and transitions that writers added."""
    maintenance.compact()


@shared_task
def count_kpis() -> None:
    """Compute all KPIs every night; the run is on the jobs page."""
    at = now()
    with record(KPIS_JOB, now=at, caller="beat") as run:
        run.detail(months=refresh(now=at, progress=run.advance))


@shared_task
def catch_up_kpis() -> None:
    """Compute what a night without a worker left out."""
    last = latest([KPIS_JOB]).get(KPIS_JOB)
    under_way = last is not None and last.state == RunState.RUNNING
    if not under_way and is_behind(now=now()):
        count_kpis()
