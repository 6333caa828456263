"""What delivery publishes to the apps below it."""

from __future__ import annotations

from campaigns.delivery.permissions import SEE_OUTBOX
from crm.staff import permissions


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_OUTBOX)
