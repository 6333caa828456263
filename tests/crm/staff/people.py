"""Staff for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from crm.staff.models import Role, Staff, Team

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
_serial = count(1)


def staff_of(role: Role, team: Team | None = None, **fields) -> Staff:
    """Somebody who could not sign in (no password), with a name of their own."""
    number = next(_serial)
    fields = {"username": f"{role}-{number}", "display_name": f"{role} {number}", "password": "!"} | fields
    return Staff.objects.create(role=role, team=team, **fields)
