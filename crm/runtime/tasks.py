"""Ground floor tasks: each makes one call and may overlap with itself."""

from __future__ import annotations

from celery import shared_task

from crm.runtime import clock, upkeep
from crm.runtime.queue.drain import drain


@shared_task
def pulse() -> None:
    """Show that beat wakes and a worker answers."""
    upkeep.pulse("worker")


@shared_task
def sweep() -> None:
    """Find runs whose process died; forget what nobody needs any more."""
    upkeep.sweep(clock.now())


@shared_task
def work_queue(kind: str = "") -> None:
    """Carry out what is due in the work queue, of one kind or of all."""
    drain(clock.now, [kind] if kind else [])
