"""What each role may do, as one table, and the guard that every page stands behind."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from crm.staff.models import Role, Staff

RM, LEAD, SERVICE = Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE
COMPLIANCE, OPERATIONS, ADMIN, ANALYST = Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST
EVERYBODY = frozenset(Role)


class Action(StrEnum):
    """Something somebody may or may not do."""

    SEE_HOME = "see_home"
    SEE_MEMBERS = "see_members"  # which ones: visible_to; how much of each: members.profiles.masking
    SEARCH_PEOPLE = "search_people"  # by name, mobile, e-mail, ID number or outside id
    REVEAL = "reveal"
    EXPORT = "export"
    SEE_OVERVIEW = "see_overview"
    SEE_POLICY = "see_policy"
    CHANGE_POLICY = "change_policy"
    SET_TARGETS = "set_targets"
    SEE_REQUESTS = "see_requests"
    DECIDE_REQUEST = "decide_request"
    ASSIGN_MEMBERS = "assign_members"
    IMPORT = "import"
    SEE_JOBS = "see_jobs"
    SEE_REVEALS = "see_reveals"
    SEE_STAFF = "see_staff"  # a team lead: the own team
    MANAGE_STAFF = "manage_staff"


# The superuser flag plays no part: who needs more takes another role.
TABLE: dict[Action, frozenset[Role]] = {
    Action.SEE_HOME: EVERYBODY,
    Action.SEE_MEMBERS: EVERYBODY,
    Action.SEARCH_PEOPLE: EVERYBODY - {ANALYST},
    Action.REVEAL: frozenset({RM, LEAD, SERVICE, COMPLIANCE}),
    Action.EXPORT: frozenset({LEAD, COMPLIANCE, OPERATIONS, ANALYST}),
    Action.SEE_OVERVIEW: EVERYBODY,
    Action.SEE_POLICY: EVERYBODY,
    Action.CHANGE_POLICY: frozenset({OPERATIONS, ADMIN}),
    Action.SET_TARGETS: frozenset({OPERATIONS, ADMIN}),
    Action.SEE_REQUESTS: frozenset({LEAD, COMPLIANCE, OPERATIONS, ADMIN}),
    Action.DECIDE_REQUEST: frozenset({COMPLIANCE, OPERATIONS, ADMIN}),
    Action.ASSIGN_MEMBERS: frozenset({LEAD, ADMIN}),
    Action.IMPORT: frozenset({OPERATIONS, ADMIN}),
    Action.SEE_JOBS: frozenset({COMPLIANCE, OPERATIONS, ADMIN}),
    Action.SEE_REVEALS: frozenset({COMPLIANCE, ADMIN}),
    Action.SEE_STAFF: frozenset({LEAD, ADMIN}),
    Action.MANAGE_STAFF: frozenset({ADMIN}),
}


class NotAllowed(PermissionDenied):
    """The role does not include the action, or the account is closed."""


def may(staff: Staff | AnonymousUser, action: str) -> bool:
    """Whether this person may do that. Raises ValueError on an action that is not in the table."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in TABLE[Action(action)]


def require(staff: Staff | AnonymousUser, action: str) -> None:
    """Raises NotAllowed unless this person may do that."""
    if not may(staff, action):
        raise NotAllowed(f"{action}: not for {getattr(staff, 'role', 'anonymous')}")


View = Callable[..., HttpResponseBase]


def allowed(action: str) -> Callable[[View], View]:
    """Guard a view: whoever is not signed in signs in first, whose role does not allow it gets a 403."""
    needed = Action(action)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            require(request.user, needed)
            return view(request, *args, **kwargs)

        guarded.allowed_action = needed  # type: ignore[attr-defined]  # read by the test over all addresses
        return guarded

    return guard


def signed_in(view: View) -> View:
    """Guard a view of one's own account: every role has it, whoever is not signed in signs in first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else _to_sign_in(request)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; a fragment asked for by htmx moves the whole page there."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(request.get_full_path(), resolve_url("sign-in"))
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{page.path}?{page.query}" if page.query else page.path or "/"
    target = redirect_to_login(back, resolve_url("sign-in"))
    return HttpResponse(headers={"HX-Redirect": target["Location"]})
