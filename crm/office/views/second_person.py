"""Changes to accounts that may review requests: sent for review instead of made at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.runtime import clock
from crm.staff.accounts import approval
from crm.staff.accounts.change import AccountRefusal, CannotChange, decides_requests
from crm.staff.models import Staff
from crm.web.responses import StaffRequest

OF_DECIDERS = {"reopen": approval.REACTIVATE, "link": approval.LINK}  # by the form's field `what`


def is_needed(person: Staff, what: str, now: datetime) -> bool:
    """Whether a second person has to approve this first."""
    if person.is_active != (what == "link") or not decides_requests(person.role):
        return False
    return what != "link" or not approval.may_issue_link(person, now)


def create(request: StaffRequest, values: Mapping[str, Any]) -> HttpResponse:
    """Ask for a new account. Raises CannotChange, AlreadyProposed, ReasonMissing."""
    if Staff.objects.filter(username=values["username"]).exists():
        raise CannotChange(AccountRefusal.USERNAME_TAKEN)
    given = {name: values[name] for name in ("display_name", "role", "language")} | _team(values)
    _ask(request, approval.CREATE, values["username"], values["role"], given, values["reason"])
    return HttpResponseRedirect(reverse("staff"))


def change(request: StaffRequest, person: Staff, values: Mapping[str, Any]) -> HttpResponse:
    """Ask for another role, name and team. Raises CannotChange, AlreadyProposed, ReasonMissing."""
    _not_oneself(request, person)
    given = {name: values[name] for name in ("display_name", "role")} | _team(values)
    before = (person.display_name, person.role)
    _ask(request, approval.CHANGE, person.username, values["role"], given, values["reason"], before)
    return HttpResponseRedirect(reverse("staff-person", args=[person.pk]))


def propose(request: StaffRequest, person: Staff, what: str, reason: str) -> HttpResponse:
    """Ask for one of OF_DECIDERS. Raises CannotChange, AlreadyProposed, ReasonMissing."""
    _not_oneself(request, person)
    before = (person.display_name, person.role)
    _ask(request, OF_DECIDERS[what], person.username, person.role, {}, reason, before)
    return HttpResponseRedirect(reverse("staff-person", args=[person.pk]))


def _ask(
    request: StaffRequest,
    what: str,
    username: str,
    role: str,
    values: dict[str, Any],
    reason: str,
    before: tuple[str, str] = ("", ""),
) -> None:
    approval.propose(
        what,
        username=username,
        role=role,
        values=values,
        before=before,
        by=request.user,
        reason=reason,
        now=clock.now(),
    )
    messages.success(request, _("Sent for review. Accounts that may review requests need a second person."))


def _team(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"team": values["team"].pk if values["team"] else None}


def _not_oneself(request: StaffRequest, person: Staff) -> None:
    if person.pk == request.user.pk:
        raise CannotChange(AccountRefusal.OWN_ACCOUNT)
