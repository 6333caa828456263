"""What may be done with members, and by whom. Which members: visible_to; how much of each: masking."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.staff.models import Role
from crm.staff.permissions import EVERYBODY, Action

SEE_MEMBERS = Action("see_members", _("View members"), EVERYBODY)
SEARCH_PEOPLE = Action(
    "search_people",
    _("Search members by name, mobile, email or ID number"),
    EVERYBODY - {Role.ANALYST},
)
HANDLE_COMPLAINTS = Action(
    "handle_complaints",
    _("Record, answer and close complaints"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE}),
)
ASSIGN_MEMBERS = Action(
    "assign_members",
    _("Assign members to relationship managers"),
    frozenset({Role.TEAM_LEAD, Role.ADMINISTRATOR}),
)
SEE_CONSENT = Action("see_consent", _("View consents and contacts of members"), EVERYBODY - {Role.ANALYST})
RECORD_CONSENT = Action(
    "record_consent",
    _("Record consents with evidence, and contacts with members"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE}),
)
WITHDRAW_CONSENT = Action(
    "withdraw_consent",
    _("Withdraw consents of members"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE, Role.COMPLIANCE}),
)
SUPPRESS = Action(
    "suppress",
    _("View the suppression list, add to it and propose removals"),
    frozenset({Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.OPERATIONS}),
)
SEE_CONTACT_POLICY = Action(
    "see_contact_policy",
    _("View quiet hours, contact caps and consent texts"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
CHANGE_CONTACT_POLICY = Action(
    "change_contact_policy",
    _("Propose quiet hours, contact caps and consent texts"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS}),
)
REQUEST_ASSESSMENT = Action(
    "request_assessment",
    _("Send members a link to the risk questionnaire"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE}),
)
WITHDRAW_ASSESSMENT = Action(
    "withdraw_assessment",
    _("Withdraw risk assessments after a material change of facts"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE, Role.COMPLIANCE}),
)
SEE_QUESTIONNAIRES = Action(
    "see_questionnaires",
    _("View risk questionnaires and their scoring"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
CHANGE_QUESTIONNAIRES = Action(
    "change_questionnaires",
    _("Propose risk questionnaires and their scoring"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS}),
)
HANDLE_RIGHTS = Action(
    "handle_rights",
    _("Handle requests of members about their own data"),
    frozenset({Role.CUSTOMER_SERVICE, Role.COMPLIANCE}),
)
OPEN_SEALED = Action("open_sealed", _("Open data kept after an erasure"), frozenset({Role.COMPLIANCE}))
