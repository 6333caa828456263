"""What may be done with stages and their policy, and by whom."""

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
REVIEW_NEW_NORMALS = Action(
    "review_new_normals", _("View the team's new normals"), frozenset({Role.TEAM_LEAD})
)
RECORD_NEW_NORMAL = Action(
    "record_new_normal",
    _("Record a new normal for a member whose assets fell"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD}),
)
