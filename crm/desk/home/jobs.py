"""What of the machinery needs somebody: jobs that failed or were lost."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.desk.home.blocks import Block, Line, Link, plain
from crm.runtime.models import RunState
from crm.web.jobs.runs import ShownJob, latest_by_job

BAD = frozenset({RunState.FAILED, RunState.LOST})


def broken_jobs() -> list[ShownJob]:
    """The jobs whose last run failed or was lost. One query."""
    return [job for job in latest_by_job() if job.last.state in BAD]


def said_of_jobs(jobs: list[ShownJob]) -> list[str]:
    """How many jobs failed, in words; nothing where none did."""
    if not jobs:
        return []
    return [ngettext("%(count)d job failed", "%(count)d jobs failed", len(jobs)) % {"count": len(jobs)}]


def jobs_block(jobs: list[ShownJob]) -> Block:
    """The jobs that failed, with why."""
    lines = [
        Line(
            job.label,
            reverse("jobs"),
            plain(job.last.failure),
            job.last.started_at,
            tag=_("Failed"),
            tone="bad",
        )
        for job in jobs
    ]
    more = Link(_("All jobs"), reverse("jobs"))
    return Block(_("Failed jobs"), lines, more=more, empty=_("All jobs completed on their last run."))
