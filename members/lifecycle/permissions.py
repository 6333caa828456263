"""What may be done with the policy of the stages, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_POLICY = Action("see_policy", _("View the stage policy"), EVERYBODY)
CHANGE_POLICY = Action(
    "change_policy",
    _("Propose policy changes"),
    frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}),
)
