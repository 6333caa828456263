"""What the ground floor publishes: its own scheduled tasks."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from crm.runtime import tasks
from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    schedule.register(
        Scheduled("show a sign of life", tasks.pulse, crontab(), 55, _("Worker heartbeat")),
        Scheduled("process the queue", tasks.work_queue, crontab(), 55, _("Process queued work")),
        Scheduled("sweep lost runs", tasks.sweep, crontab(minute="*/5"), 240, _("Close interrupted runs")),
    )
