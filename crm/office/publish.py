"""What the office publishes to the apps below it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.office.permissions import SEE_REVEALS, SEE_STAFF
from crm.staff import permissions
from crm.staff.permissions import SEE_REQUESTS
from crm.web.frame import navigation
from crm.web.frame.navigation import BUSINESS, OPERATION, Place

STAFF = Place(
    "staff",
    _("Staff"),
    "s",
    SEE_STAFF,
    OPERATION,
    30,
    within=("staff-add", "staff-person", "staff-change", "teams", "team"),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    permissions.register(SEE_REVEALS, SEE_STAFF)
    navigation.register(
        Place("requests", _("Requests"), "r", SEE_REQUESTS, BUSINESS, 40, within=("request-decide",)),
        STAFF,
        Place("reveals", _("Data access log"), "v", SEE_REVEALS, OPERATION, 40),
    )
