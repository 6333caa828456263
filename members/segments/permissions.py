"""What may be done with segments, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_SEGMENTS = Action("see_segments", _("View segments"), EVERYBODY - {Role.CUSTOMER_SERVICE})
MANAGE_SEGMENTS = Action(
    "manage_segments",
    _("Create, edit and delete segments"),
    frozenset({Role.TEAM_LEAD, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}),
)
