"""What rules publish to the apps below them."""

from __future__ import annotations

from crm.runtime import errors
from members.rules.sentences.errors import ERRORS


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    errors.register(ERRORS)
