"""Why something about accounts, teams, requests and reveals is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.accounts.change import AccountRefusal
from crm.staff.four_eyes.requests import RequestRefusal
from crm.staff.privacy.access_log import REASON_TOO_SHORT

ERRORS: dict[str, Promise] = {
    REASON_TOO_SHORT: _("Enter a reason of at least %(count)d characters."),
    AccountRefusal.USERNAME_TAKEN: _("This username is already taken."),
    AccountRefusal.NO_CHANGES: _("No changes to save."),
    AccountRefusal.ALREADY_DEACTIVATED: _("This account is already deactivated."),
    AccountRefusal.ACTIVE: _("This account is active."),
    AccountRefusal.NOT_LOCKED: _("This account is not locked."),
    AccountRefusal.NOT_SET_UP: _("No password has been set yet. Issue a one-time link instead."),
    AccountRefusal.DEACTIVATED: _("Reactivate the account first."),
    AccountRefusal.OWN_ACCOUNT: _("You cannot do this to your own account. Ask another administrator."),
    AccountRefusal.LAST_ADMINISTRATOR: _(
        "At least one administrator is required. Appoint another one first."
    ),
    AccountRefusal.TEAM_NAME_TAKEN: _("A team with this name already exists."),
    RequestRefusal.ALREADY_PROPOSED: _("The same change is already pending review."),
    RequestRefusal.MAKER_LOST_PERMISSION: _(
        "The requester no longer has permission to propose this. Reject the request."
    ),
    RequestRefusal.NOT_THE_MAKER: _("Only the requester can withdraw a request, while it is pending."),
    RequestRefusal.NOT_FOUND: _("Request not found."),
    RequestRefusal.OWN_REQUEST: _("Someone else must review this request."),
    RequestRefusal.CLOSED: _("This request is already closed or has expired."),
}
