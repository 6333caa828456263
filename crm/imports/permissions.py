"""Who may import files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import Action

IMPORT = Action("import", _("Import files"), frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}))
