"""The actions of the table of rights, as a person reads them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Staff
from crm.staff.permissions import Action, may

ACTIONS: dict[Action, str | Promise] = {
    Action.SEE_HOME: _("See the home page"),
    Action.SEE_MEMBERS: _("See members"),
    Action.SEARCH_PEOPLE: _("Find members by name, mobile, e-mail or ID number"),
    Action.REVEAL: _("See a masked value in full, for a reason, on record"),
    Action.EXPORT: _("Take lists out as files, masked"),
    Action.SEE_OVERVIEW: _("See the lifecycle and the key figures"),
    Action.SEE_POLICY: _("See the policy of the stages"),
    Action.CHANGE_POLICY: _("Propose another policy"),
    Action.SET_TARGETS: _("Set the targets of the key figures"),
    Action.SEE_REQUESTS: _("See four-eyes requests"),
    Action.DECIDE_REQUEST: _("Decide what somebody else has proposed"),
    Action.ASSIGN_MEMBERS: _("Give members to relationship managers"),
    Action.IMPORT: _("Bring in files"),
    Action.SEE_JOBS: _("See what runs in the background"),
    Action.SEE_REVEALS: _("See who looked at personal data"),
    Action.SEE_STAFF: _("See staff: a team lead the own team, an administrator everybody"),
    Action.MANAGE_STAFF: _("Open, change and close accounts"),
}


def rights(staff: Staff) -> list[tuple[str | Promise, bool]]:
    """Every action in words, and whether this person may do it; what they may comes first."""
    lines = [(words, may(staff, action)) for action, words in ACTIONS.items()]
    return sorted(lines, key=lambda line: not line[1])
