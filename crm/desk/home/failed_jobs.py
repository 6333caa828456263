"""Jobs that failed or were interrupted on their last run."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Item, Link, shorten
from crm.runtime.models import RunState
from crm.web.jobs.runs import ShownJob, latest_by_job

_FAILED = frozenset({RunState.FAILED, RunState.LOST})


def failed_jobs() -> list[ShownJob]:
    """The jobs whose last run failed or was interrupted. One query."""
    return [job for job in latest_by_job() if job.last.state in _FAILED]


def describe_failed_jobs(jobs: list[ShownJob]) -> list[str]:
    """How many jobs failed; empty for none."""
    if not jobs:
        return []
    return [ngettext("%(count)d job failed", "%(count)d jobs failed", len(jobs)) % {"count": len(jobs)}]


def failed_jobs_block(jobs: list[ShownJob]) -> Block:
    """The failed jobs with their error."""
    lines = [
        Item(
            job.label,
            reverse("jobs"),
            shorten(job.last.failure),
            job.last.started_at,
            tag=_("Failed"),
            tone="bad",
        )
        for job in jobs
    ]
    more = Link(_("All jobs"), reverse("jobs"))
    return Block(_("Failed jobs"), lines, more=more, empty=_("All jobs completed on their last run."))
