"""What runs by itself."""

from __future__ import annotations

from celery import shared_task

from crm.runtime.background.jobs import record
from crm.runtime.clock import now
from tests.extension.greetings.models import Greeting

JOB = "count greetings"


@shared_task
def count_greetings() -> None:
    with record(JOB, now=now(), caller="beat") as run:
        run.detail(greetings=Greeting.objects.count())
