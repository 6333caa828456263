"""The Celery app and what beat wakes. Tasks only wake a drain; what is left to do is always in PostgreSQL.

The schedule is what apps register in crm.runtime.background.schedule, in code and not in a migration:
django-celery-beat's DatabaseScheduler writes these entries into its tables whenever beat starts (the name is
the key, so nothing doubles), a change of code reaches every installation with its next start, and staff can
still switch an entry off in the admin. Crontab times are platform time (CELERY_TIMEZONE).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from celery import Celery
from django.utils.functional import SimpleLazyObject
from kombu.transport import TRANSPORT_ALIASES

from crm.runtime.background.pool_guard import PoolGuard
from crm.runtime.background.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
TRANSPORT_ALIASES["filesystem"] = "crm.runtime.background.filesystem_transport:Transport"

app = Celery("perennial")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(PoolGuard)


@app.on_after_configure.connect
def prepare(sender: Celery, **_: Any) -> None:
    """Set the schedule; make the folders that the filesystem transport expects to find."""
    # Read when beat asks for it: Celery is configured before the apps are ready.
    sender.conf.beat_schedule = SimpleLazyObject(beat_schedule)
    for option, folder in sender.conf.broker_transport_options.items():
        if option in {"data_folder_in", "data_folder_out", "control_folder"}:
            Path(folder).mkdir(parents=True, exist_ok=True)
