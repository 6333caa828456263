"""Accounts that may decide requests are a matter of two people: one could make a checker of their own.

Creating or reactivating one, giving somebody such a role, and a one-time link for one are four-eyes requests.
The first two administrators come from `manage.py createsuperuser`, on the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from crm.staff.accounts import change as accounts
from crm.staff.four_eyes import requests
from crm.staff.models import AccountChange, ChangeKind, Request, RequestState, Staff, Team

KIND = "staff.decider"
CREATE, CHANGE, REACTIVATE, LINK = "create", "change", "reactivate", "link"
LINK_WITHIN = timedelta(days=7)  # of its approval


def propose(
    what: str,
    *,
    username: str,
    role: str,
    values: dict[str, Any],
    before: Sequence[str] = ("", ""),
    by: Staff,
    reason: str,
    now: datetime,
) -> Request:
    """Ask a second person for a change to the account of a decider; `before` is (name, role) until now.

    `values` are as apply() passes them on, a team by its id. One request an account can be pending. Raises
    what requests.propose raises.
    """
    diff = {"username": [username, username], "role": [before[1], role]}
    if "display_name" in values:
        diff["name"] = [before[0], values["display_name"]]
    return requests.propose(
        kind=KIND,
        content={"username": username},
        proposal={"what": what, "username": username, "values": values},
        diff=diff,
        summary=f"Account {username}: {what}",
        reason=reason,
        maker=by,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Do what was approved; a link is then given by issue_link().

    Raises ValidationError with the code of an AccountRefusal.
    """
    try:
        _apply(request, now)
    except accounts.CannotChange as error:
        raise ValidationError(error.code, code=error.code) from error


def _apply(request: Request, now: datetime) -> None:
    what, username = request.proposal["what"], request.proposal["username"]
    values = dict(request.proposal["values"])
    if "team" in values:
        values["team"] = Team.objects.filter(pk=values["team"]).first()
    told: dict[str, Any] = {"by": request.maker, "reason": request.reason, "now": now, "approved": True}
    if what == CREATE:
        accounts.create_account(username=username, **values, **told)
        return
    staff = Staff.objects.get(username=username)
    if what == CHANGE:
        accounts.change(staff.pk, **values, **told)
    elif what == REACTIVATE:
        accounts.reactivate(staff.pk, **told)


def may_issue_link(staff: Staff, now: datetime) -> bool:
    """Whether a second person has approved the account, its role or a link, and none was issued since."""
    approved = Request.objects.filter(
        kind=KIND,
        state=RequestState.APPROVED,
        proposal__username=staff.username,
        proposal__what__in=[CREATE, CHANGE, LINK],
        decided_at__gt=now - LINK_WITHIN,
    )
    latest = approved.order_by("-decided_at").values_list("decided_at", flat=True).first()
    if latest is None:
        return False
    return not AccountChange.objects.filter(staff=staff, kind=ChangeKind.LINK, at__gte=latest).exists()


def issue_link(staff_id: int, *, by: Staff, reason: str, now: datetime) -> Staff:
    """The account, its password useless, for a one-time link. Raises as accounts.reset_password()."""
    staff = Staff.objects.get(pk=staff_id)
    return accounts.reset_password(
        staff_id, by=by, reason=reason, now=now, approved=may_issue_link(staff, now)
    )
