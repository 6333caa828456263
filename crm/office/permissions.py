"""What may be done in the office, and by whom; managing accounts is an action of crm.staff."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import Action

SEE_REVEALS = Action(
    "see_reveals",
    _("View the data access log"),
    frozenset({Role.COMPLIANCE, Role.ADMINISTRATOR}),
)
# A team lead: the own team.
SEE_STAFF = Action(
    "see_staff",
    _("View staff (team leads: own team; administrators: all)"),
    frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR}),
)
