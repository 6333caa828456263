"""Tasks of the import: each makes one call, may overlap with itself and be killed."""

from __future__ import annotations

import time
from contextlib import suppress

from celery import shared_task
from kombu.exceptions import OperationalError

from crm.imports.runs import worker as work
from crm.imports.uploads import upload
from crm.runtime import clock

KEPT = 24 * 3600.0  # seconds an encrypted file waits for somebody to decide


@shared_task
def drain() -> None:
    """Take in what waits, and forget files that nobody came back for."""
    at = clock.now()
    work.drain(at)
    upload.delete_old_files(older_than=time.time() - KEPT, now=at)


def wake() -> None:
    """Tell a worker that something waits. Without a broker beat does so within a minute."""
    with suppress(OperationalError, OSError):
        drain.delay()
