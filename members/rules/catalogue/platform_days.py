"""Platform days in SQL. Every connection carries the platform's time zone (crm/settings.py)."""

from __future__ import annotations

_ZONE = "current_setting('perennial.zone')"


def day_start(day: str) -> str:
    """The first instant of the platform day that an expression of SQL gives; NULL for NULL.

    Where a midnight comes twice the first counts.
    """
    midnight, hour = f"{day}::timestamp", "interval '1 hour'"
    last, first = f"{midnight} AT TIME ZONE {_ZONE}", f"({midnight} - {hour}) AT TIME ZONE {_ZONE} + {hour}"
    return f"least({last}, {first})"


def day_of(instant: str) -> str:
    """The platform day of the instant that an expression of SQL gives."""
    return f"({instant} AT TIME ZONE {_ZONE})::date"
