"""Who may see which members: every member-scoped read starts here."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from crm.staff.models import Role, Staff

# Roles whose work spans all members (what they see of each is masked by class).
SEES_EVERYBODY = frozenset(
    {Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}
)


def sees_everybody(staff: Staff | AnonymousUser) -> bool:
    """Whether no member is out of this person's sight."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in SEES_EVERYBODY


def of_books(staff: Staff, path: str = "") -> Q:
    """The condition on open books, at `path`, whose members a manager or a team's lead may see.

    A team's books go on being its lead's when the manager who had them has left.
    """
    is_lead = staff.role == Role.TEAM_LEAD and staff.team_id is not None
    whose = {"staff__team": staff.team_id} if is_lead else {"staff": staff}
    return Q(**{f"{path}{name}": value for name, value in {**whose, "ended_at": None}.items()})


class MemberQuerySet(models.QuerySet):
    """Named reads of members."""

    def visible_to(self, staff: Staff | AnonymousUser) -> MemberQuerySet:
        """The members this person may see: their own book, their team's books, or all.

        Nobody's who is not signed in or whose account is closed.
        """
        if not isinstance(staff, Staff) or not staff.is_active:
            return self.none()
        if sees_everybody(staff):
            return self
        return self.filter(of_books(staff, "book_rows__"))
