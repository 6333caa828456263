"""What may be done with loyalty, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_LOYALTY = Action("see_loyalty", _("View loyalty"), EVERYBODY)
SEE_LOYALTY_OVERVIEW = Action(
    "see_loyalty_overview",
    _("View the loyalty overview"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}),
)
SEE_LOYALTY_SETTINGS = Action(
    "see_loyalty_settings",
    _("View loyalty settings"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
CHANGE_TIERS = Action(
    "change_tiers", _("Propose changes of the tier rules"), frozenset({Role.OPERATIONS, Role.ADMINISTRATOR})
)
OVERRIDE_TIER = Action(
    "override_tier",
    _("Request a tier override for a member"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
CHANGE_INCENTIVES = Action(
    "change_incentives",
    _("Propose badges and quests"),
    frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}),
)
RECORD_BENEFITS = Action(
    "record_benefits",
    _("Record and undo use of benefits"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE}),
)
CHANGE_BENEFITS = Action(
    "change_benefits",
    _("Propose changes to benefits"),
    frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}),
)
RECONCILE_BENEFITS = Action(
    "reconcile_benefits",
    _("Reconcile use of benefits with suppliers"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST}),
)
CONFIGURE_POINTS = Action(
    "configure_points",
    _("Propose changes of earn rules and rewards"),
    frozenset({Role.OPERATIONS, Role.ADMINISTRATOR}),
)
ADJUST_POINTS = Action(
    "adjust_points",
    _("Request points adjustments"),
    frozenset({Role.CUSTOMER_SERVICE, Role.OPERATIONS}),
)
