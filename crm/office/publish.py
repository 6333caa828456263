"""What the office publishes to the apps below it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.office import access_log
from crm.office.permissions import SEE_REVEALS, SEE_STAFF
from crm.staff import links, permissions
from crm.staff.administration import sections
from crm.staff.permissions import SEE_REQUESTS
from crm.staff.privacy import export_log
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import INSIGHTS, SYSTEM, Place
from crm.web.palette import Command
from crm.web.permissions import USE_PALETTE

STAFF = Place(
    "staff",
    _("Staff"),
    "s",
    SEE_STAFF,
    SYSTEM,
    30,
    within=("staff-add", "staff-person", "staff-change", "teams", "team"),
)


COMMANDS = (
    Command(_("Change password"), "password-change", USE_PALETTE),
    Command(_("Sign out"), "sign-out", USE_PALETTE, _("log out leave"), post=True),
)


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    links.ACCOUNT.lead_to("account")
    links.SIGN_OUT.lead_to("sign-out")
    links.NEW_PASSWORD.lead_to("password-change")
    links.REQUESTS.lead_to("requests")
    links.DECISION.lead_to("request-decide")
    styles.register("office")
    permissions.register(SEE_REVEALS, SEE_STAFF)
    export_log.register({access_log.EXPORT: _("Data access log")})
    palette.register_commands(*COMMANDS)
    sections.register(
        sections.Table("staff_staff", _("Staff"), "badge", sections.PEOPLE, 10),
        sections.Table("staff_team", _("Teams"), "groups", sections.PEOPLE, 20),
    )
    navigation.register(
        Place("requests", _("Requests"), "r", SEE_REQUESTS, INSIGHTS, 40, within=("request-decide",)),
        STAFF,
        Place("reveals", _("Data access log"), "v", SEE_REVEALS, SYSTEM, 40),
    )
