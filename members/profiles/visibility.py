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
    """Whether this person may see every member."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in SEES_EVERYBODY


def visible_books(staff: Staff, path: str = "") -> Q:
    """The condition on open book rows, at `path`, of the members that a manager or a team lead may see.

    A team lead still sees the books of a team member whose account is deactivated.
    """
    is_lead = staff.role == Role.TEAM_LEAD and staff.team_id is not None
    whose = {"staff__team": staff.team_id} if is_lead else {"staff": staff}
    return Q(**{f"{path}{name}": value for name, value in {**whose, "ended_at": None}.items()})


class MemberQuerySet(models.QuerySet):
    """Named reads of members."""

    def visible_to(self, staff: Staff | AnonymousUser) -> MemberQuerySet:
        """The members this person may see: their own book, their team's books, or all.

        None for somebody who is not signed in or whose account is deactivated.
        """
        if not isinstance(staff, Staff) or not staff.is_active:
            return self.none()
        if sees_everybody(staff):
            return self
        return self.filter(visible_books(staff, "book_rows__"))
