"""What may be done with copy, and by whom."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_COPY = Action("see_copy", _("View copy"), EVERYBODY)
WRITE_COPY = Action(
    "write_copy",
    _("Write copy and submit it for review"),
    frozenset({Role.TEAM_LEAD, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
REVIEW_COPY = Action("review_copy", _("Review copy"), frozenset({Role.COMPLIANCE}))
SEE_RULES = Action(
    "see_rules",
    _("View wording rules"),
    frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
CHANGE_RULES = Action(
    "change_rules",
    _("Draft, try and propose wording rules"),
    frozenset({Role.COMPLIANCE, Role.ADMINISTRATOR}),
)
DECIDE_RULES = Action(
    "decide_rules",
    _("Approve wording rules of somebody else"),
    frozenset({Role.COMPLIANCE, Role.ADMINISTRATOR}),
)
WITHDRAW_COPY = Action(
    "withdraw_copy",
    _("Withdraw copy"),
    frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
