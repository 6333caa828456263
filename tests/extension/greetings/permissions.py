"""Who may greet members."""

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import Action

GREET = Action("greet", _("Greet members"), frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD}))
