"""What each role may do, and the guard that every page stands behind.

An app declares its actions as constants in its `permissions.py` and registers them from AppConfig.ready().
Here are those of staff themselves; docs/access.md shows all of them as one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label, untranslated
from crm.runtime.extension.registry import Registry
from crm.staff.models import Role, Staff

EVERYBODY = frozenset(Role)


@dataclass(frozen=True, eq=False)
class Action:
    """Something somebody may or may not do. `label` says what on the page of one's own account.

    The superuser flag plays no part: who needs more takes another role.
    """

    name: str
    label: Label
    roles: frozenset[Role]

    def __str__(self) -> str:
        return f"{self.name} ({self.label})"


def _problems(action: Action) -> Iterator[str]:
    if not action.roles:
        yield "no role has it"
    yield from untranslated(action.label)


actions: Registry[Action] = Registry("action", _problems)


def register(*declared: Action) -> None:
    """Publish the actions of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for action in declared:
        actions.add(action.name, action)


def undeclared(action: Action | None) -> Iterator[str]:
    """One line where no app has registered this action."""
    if action is not None and actions.get(action.name) is not action:
        yield f"action {action.name!r} is not registered"


REVEAL = Action(
    "reveal",
    _("Reveal masked values (with a reason, logged)"),
    frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE, Role.COMPLIANCE}),
)
SEE_REQUESTS = Action(
    "see_requests",
    _("View change requests"),
    frozenset({Role.TEAM_LEAD, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
DECIDE_REQUEST = Action(
    "decide_request",
    _("Review requests from others"),
    frozenset({Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR}),
)
MANAGE_STAFF = Action(
    "manage_staff", _("Create, edit and deactivate accounts"), frozenset({Role.ADMINISTRATOR})
)


class NotAllowed(PermissionDenied):
    """The role does not include the action, or the account is closed."""


def may(staff: Staff | AnonymousUser, action: Action) -> bool:
    """Whether this person may do that."""
    return isinstance(staff, Staff) and staff.is_active and staff.role in action.roles


def require(staff: Staff | AnonymousUser, action: Action) -> None:
    """Raises NotAllowed unless this person may do that."""
    if not may(staff, action):
        raise NotAllowed(f"{action.name}: not for {getattr(staff, 'role', 'anonymous')}")


def rights(staff: Staff) -> list[tuple[Label, bool]]:
    """Every action in words, and whether this person may do it; what they may comes first."""
    lines = [(action.label, may(staff, action)) for action in actions.values()]
    return sorted(lines, key=lambda line: not line[1])


View = Callable[..., HttpResponseBase]


def allowed(action: Action) -> Callable[[View], View]:
    """Guard a view: whoever is not signed in signs in first, whose role does not allow it gets a 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            require(request.user, action)
            return view(request, *args, **kwargs)

        guarded.allowed_action = action  # type: ignore[attr-defined]  # read by the check over all addresses
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
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{page.path}?{page.query}" if page.query else page.path or "/"
    target = redirect_to_login(back, resolve_url(settings.LOGIN_URL))
    return HttpResponse(headers={"HX-Redirect": target["Location"]})
