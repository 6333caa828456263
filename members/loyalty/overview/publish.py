"""What the overview publishes to the apps below."""

from __future__ import annotations


def publish() -> None:
    """Called once, from members.loyalty.publish."""
