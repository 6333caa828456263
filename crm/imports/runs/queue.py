"""How many imports wait for a worker."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crm.imports.models import ImportRun, ImportState
from crm.web.jobs import queues


def measure(now: datetime) -> list[queues.Depth]:
    """Imports handed to a worker and not taken up yet; one query."""
    return [queues.Depth(_("imports"), ImportRun.objects.filter(state=ImportState.WAITING).count())]


def register() -> None:
    """Let the jobs page tell it."""
    queues.register("imports", measure)
