"""What may be done with the figures, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_OVERVIEW = Action("see_overview", _("See the lifecycle and the key figures"), EVERYBODY)
SET_TARGETS = Action(
    "set_targets",
    _("Set the targets of the key figures"),
    frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}),
)
