"""What may be done with members, and by whom. Which members: visible_to; how much of each: masking."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_MEMBERS = Action("see_members", _("View members"), EVERYBODY)
SEARCH_PEOPLE = Action(
    "search_people",
    _("Search members by name, mobile, email or ID number"),
    EVERYBODY - {Role.ANALYST},
)
HANDLE_COMPLAINTS = Action(
    "handle_complaints",
    _("Record, answer and close complaints"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE}),
)
ASSIGN_MEMBERS = Action(
    "assign_members",
    _("Assign members to relationship managers"),
    frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR}),
)
