"""Home: what is mine today and what changed, told for each role in a sentence, with the rows behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crm.desk.home import administration, analysis, book, compliance, operations, service, team
from crm.desk.home.shapes import Today
from crm.staff.models import Role, Staff

_OF_ROLE: dict[str, Callable[[Staff, datetime], Today]] = {
    Role.RELATIONSHIP_MANAGER: book.today,
    Role.TEAM_LEAD: team.today,
    Role.CUSTOMER_SERVICE: service.today,
    Role.COMPLIANCE: compliance.today,
    Role.OPERATIONS: operations.today,
    Role.ADMINISTRATOR: administration.today,
    Role.ANALYST: analysis.today,
}


def today(staff: Staff, now: datetime) -> Today:
    """What this person's work asks for now. At most seven queries, each of them bounded."""
    return _OF_ROLE[staff.role](staff, now)
