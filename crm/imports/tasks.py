"""Tasks of the import: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

import time

from celery import shared_task

from crm.imports.undo.survey import delete_old
from crm.imports.uploads import upload
from crm.runtime import clock

KEPT = 24 * 3600.0  # seconds an encrypted file waits for somebody to decide
RECEIVED = 3600.0  # seconds without a further byte after which nobody is receiving it any more


@shared_task
def delete_old_uploads() -> None:
    """Delete files that nobody came back for."""
    now = time.time()
    upload.delete_old_files(older_than=now - KEPT, orphans_older_than=now - RECEIVED, now=clock.now())


@shared_task
def delete_old_overwritten() -> None:
    """Delete what was kept for undoing imports that are too old for it."""
    delete_old(clock.now())
