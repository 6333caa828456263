"""Tasks of questionnaires: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from members.profiles.questionnaires.notices import JOB, announce


@shared_task
def announce_ending_assessments() -> None:
    """Announce assessments that end within 30 and 7 days."""
    at = now()
    with record(JOB, now=at, caller="beat") as run:
        run.detail(announced=announce(at))
