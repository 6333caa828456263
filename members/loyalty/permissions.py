"""What may be done with loyalty, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.permissions import EVERYBODY, Action

SEE_LOYALTY = Action("see_loyalty", _("View loyalty"), EVERYBODY)
