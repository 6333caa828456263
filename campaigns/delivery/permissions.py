"""What may be seen of what is sent, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import Action

SEE_OUTBOX = Action(
    "see_outbox",
    _("View messages and verdicts"),
    frozenset(
        {
            Role.RELATIONSHIP_MANAGER,
            Role.TEAM_LEAD,
            Role.CUSTOMER_SERVICE,
            Role.COMPLIANCE,
            Role.OPERATIONS,
            Role.ADMINISTRATOR,
        }
    ),
)
