"""What may be done with loyalty, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_LOYALTY = Action("see_loyalty", _("View loyalty"), EVERYBODY)
SEE_LOYALTY_SETTINGS = Action(
    "see_loyalty_settings",
    _("View loyalty settings"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
