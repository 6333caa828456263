"""What may be done with the figures, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_OVERVIEW = Action("see_overview", _("View lifecycle and KPIs"), EVERYBODY)
SET_TARGETS = Action(
    "set_targets",
    _("Set KPI targets"),
    frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}),
)
