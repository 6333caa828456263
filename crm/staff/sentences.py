"""Why something about accounts, teams, requests and reveals is refused, in words."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.accounts import approval
from crm.staff.accounts.change import AccountRefusal
from crm.staff.four_eyes.requests import RequestRefusal
from crm.staff.models import Request, Role
from crm.staff.privacy.access_log import REASON_TOO_SHORT, TOO_MANY_SEARCHES

ERRORS: dict[str, Promise] = {
    REASON_TOO_SHORT: _("Enter a reason of at least %(count)d characters."),
    TOO_MANY_SEARCHES: _(
        "More than %(count)d searches by name, mobile, email or ID number in one hour. Try again later."
    ),
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
    AccountRefusal.NEEDS_SECOND_PERSON: _(
        "This account may review requests, so a second person must approve the change."
    ),
    AccountRefusal.LAST_DECIDERS: _(
        "At least two people must be able to review requests. Appoint another one first."
    ),
    RequestRefusal.ALREADY_PROPOSED: _("The same change is already pending review."),
    RequestRefusal.MAKER_LOST_PERMISSION: _(
        "The requester no longer has permission to propose this. Reject the request."
    ),
    RequestRefusal.NOT_THE_MAKER: _("Only the requester can withdraw a request, while it is pending."),
    RequestRefusal.NOT_FOUND: _("Request not found."),
    RequestRefusal.OWN_REQUEST: _("Someone else must review this request."),
    RequestRefusal.CLOSED: _("This request is already closed or has expired."),
    RequestRefusal.NOT_YET_MADE: _(
        "This request was submitted later than the server's clock shows now. Have the clock checked."
    ),
}

ACCOUNT_REQUESTS: dict[str, Promise] = {
    approval.CREATE: _("Create account %(username)s"),
    approval.CHANGE: _("Change account %(username)s"),
    approval.REACTIVATE: _("Reactivate account %(username)s"),
    approval.LINK: _("One-time link for %(username)s"),
}
_LABELS: dict[str, Promise] = {"username": _("Username"), "name": _("Name"), "role": _("Role")}


def account_request_summary(request: Request) -> str:
    """Create account li.na."""
    return str(ACCOUNT_REQUESTS[request.proposal["what"]]) % {"username": request.proposal["username"]}


def account_request_lines(request: Request) -> list[tuple[Promise, str, str]]:
    """What the account is and becomes, for the checker."""
    return [
        (_("Change"), "", account_request_summary(request)),
        *(
            (_LABELS[name], _said(name, before), _said(name, after))
            for name, (before, after) in request.diff.items()
        ),
    ]


def account_request_refusal(error: ValidationError) -> str:
    """Why a change of an account cannot be made any more."""
    return " ".join(str(ERRORS.get(code, code)) for code in error.messages)


def _said(name: str, value: str) -> str:
    return str(Role(value).label) if name == "role" and value else value
