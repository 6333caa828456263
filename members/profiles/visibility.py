"""Who may see which members: every member-scoped read starts here."""

from __future__ import annotations

from django.db import models

from crm.staff.models import Role, Staff

# Roles whose work spans all members (what they see of each is masked by class).
SEES_EVERYBODY = frozenset(
    {Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}
)


class MemberQuerySet(models.QuerySet):
    """Named reads of members."""

    def visible_to(self, staff: Staff) -> MemberQuerySet:
        """The members this person may see: their own book, their team's books, or all."""
        if not staff.is_active:
            return self.none()
        if staff.role in SEES_EVERYBODY:
            return self
        if staff.role == Role.TEAM_LEAD and staff.team_id is not None:
            return self.filter(book_rows__staff__team=staff.team_id, book_rows__ended_at=None)
        return self.filter(book_rows__staff=staff, book_rows__ended_at=None)
