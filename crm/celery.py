"""The Celery app and what beat wakes. Tasks only wake a drain; what is left to do is always in PostgreSQL.

The schedule stands here, in code, and not in a migration: django-celery-beat's DatabaseScheduler writes these
entries into its tables whenever beat starts (the name is the key, so nothing doubles), a change of code
reaches every installation with its next start, and staff can still switch an entry off in the admin.
Crontab times are platform time (CELERY_TIMEZONE).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.schedules import crontab
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
TRANSPORT_ALIASES["filesystem"] = "crm.runtime.work.filesystem_transport:Transport"

app = Celery("perennial")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A wake-up that could not be delivered in its time is worthless: the next one finds the same work.
SCHEDULE: dict[str, dict[str, Any]] = {
    "restage members": {
        "task": "members.lifecycle.tasks.drain",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "verify the stages": {
        "task": "members.lifecycle.tasks.verify",
        "schedule": crontab(hour=3, minute=10),
        "options": {"expires": 6 * 3600},
    },
    "try policies": {
        "task": "members.lifecycle.tasks.try_policies",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "fold the counts": {
        "task": "crm.insights.tasks.fold_counts",
        "schedule": crontab(minute="*/2"),
        "options": {"expires": 110},
    },
    "count the KPIs": {
        "task": "crm.insights.tasks.count_kpis",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 6 * 3600},
    },
    "catch up with the KPIs": {
        "task": "crm.insights.tasks.catch_up_kpis",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 500},
    },
    "show a sign of life": {
        "task": "crm.runtime.tasks.pulse",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "process the queue": {
        "task": "crm.runtime.tasks.work_queue",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "delete old uploads": {
        "task": "crm.imports.tasks.delete_old_uploads",
        "schedule": crontab(minute="*/30"),
        "options": {"expires": 1700},
    },
    "sweep lost runs": {
        "task": "crm.runtime.tasks.sweep",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "expire requests": {
        "task": "staff.expire_requests",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 240},
    },
    "forget sessions": {
        "task": "staff.forget_sessions",
        "schedule": crontab(hour=4, minute=20),
        "options": {"expires": 6 * 3600},
    },
}


@app.on_after_configure.connect
def prepare(sender: Celery, **_: Any) -> None:
    """Set the schedule; make the folders that the filesystem transport expects to find."""
    sender.conf.beat_schedule = SCHEDULE
    for option, folder in sender.conf.broker_transport_options.items():
        if option in {"data_folder_in", "data_folder_out", "control_folder"}:
            Path(folder).mkdir(parents=True, exist_ok=True)
