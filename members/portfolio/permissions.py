"""What may be done about products and who they fit, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_RATINGS = Action("see_ratings", _("View product ratings and the house rule"), EVERYBODY)
CHANGE_SUITABILITY = Action(
    "change_suitability",
    _("Propose product ratings and house rules"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
VERIFY_STATUS = Action(
    "verify_status",
    _("Submit and end qualified and professional investor status"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.OPERATIONS, Role.COMPLIANCE}),
)
DECIDE_PURCHASES = Action(
    "decide_purchases",
    _("Check purchases that members ask for"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE}),
)
