"""What may be done on the pages and lists that every app shares, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

USE_PALETTE = Action("use_palette", _("Use the command palette"), EVERYBODY)
SEE_GALLERY = Action("see_gallery", _("View the component gallery"), EVERYBODY)
EXPORT = Action(
    "export",
    _("Export lists (masked)"),
    frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.OPERATIONS, Role.ANALYST}),
)
SEE_JOBS = Action(
    "see_jobs",
    _("View background jobs"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
