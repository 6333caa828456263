"""Who may see which members: every member-scoped read starts here."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models

from crm.staff.models import Role, Staff

# Roles whose work spans all members (what they see of each is masked by class).
SEES_EVERYBODY = frozenset(
    {Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}
)


def sees_everybody(staff: Staff | AnonymousUser) -> bool:
    """Whether no member is out of this person's sight."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in SEES_EVERYBODY


class MemberQuerySet(models.QuerySet):
    """Named reads of members."""

    def visible_to(self, staff: Staff | AnonymousUser) -> MemberQuerySet:
        """The members this person may see: their own book, their team's books, or all.

        Nobody's who is not signed in or whose account is closed. A team's books go on being its
        lead's when the manager who had them has left.
        """
        if not isinstance(staff, Staff) or not staff.is_active:
            return self.none()
        if sees_everybody(staff):
            return self
        if staff.role == Role.TEAM_LEAD and staff.team_id is not None:
            return self.filter(book_rows__staff__team=staff.team_id, book_rows__ended_at=None)
        return self.filter(book_rows__staff=staff, book_rows__ended_at=None)
