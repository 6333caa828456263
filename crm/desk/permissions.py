"""Permissions of the desk, and the roles that hold them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.permissions import EVERYBODY, Action

SEE_HOME = Action("see_home", _("View home"), EVERYBODY)
