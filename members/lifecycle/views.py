"""The policy's pages: what is in force, who would move under another one, and the four-eyes requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.runtime import clock
from crm.staff import requests
from crm.staff.models import Request, RequestState, Staff
from crm.staff.permissions import Action, allowed, may, require
from crm.staff.reveal import ReasonMissing
from crm.web import charts
from crm.web.answers import StaffRequest, answer
from members.lifecycle import policy as changing
from members.lifecycle.evaluate import policy_at
from members.lifecycle.forms import PolicyForm
from members.lifecycle.models import Policy, Stage
from members.lifecycle.thresholds import BY_FIELD, THRESHOLDS
from members.profiles.masking import MemberView, present

VERSIONS = 6
DECIDED = 10


@allowed(Action.SEE_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_page(request: StaffRequest) -> HttpResponse:
    """The thresholds and their versions; a POST shows who would move under others, or proposes them."""
    now = clock.now()
    current = policy_at(now)
    if request.method != "POST":
        return _page(request, now, current, PolicyForm(current, clock.day_of(now)))
    require(request.user, Action.CHANGE_POLICY)
    form = PolicyForm(current, clock.day_of(now), request.POST)
    if not form.is_valid():
        return _page(request, now, current, form, status=422)
    try:
        if "propose" in request.POST:
            changing.propose(
                form.values(),
                effective_from=form.effective_from(),
                reason=form.cleaned_data["reason"],
                maker=request.user,
                now=now,
            )
            messages.success(request, _("Proposed. Somebody else has to decide."))
            return HttpResponseRedirect(reverse("policy"))
        preview = changing.preview(form.values(), effective_from=form.effective_from(), now=now)
    except ValidationError as error:
        form.take(error)
    except ReasonMissing as error:
        form.add_error("reason", str(error))
    except changing.NothingChanges as error:
        form.add_error(None, str(error))
    else:
        return _page(request, now, current, form, preview=preview)
    return _page(request, now, current, form, status=422)


def _page(
    request: StaffRequest,
    now: datetime,
    current: Policy,
    form: PolicyForm,
    *,
    preview: changing.Preview | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = list(Policy.objects.order_by("-effective_from", "-version")[:VERSIONS])
    rows = [
        (threshold.label, [threshold.in_words(getattr(policy, threshold.field)) for policy in versions])
        for threshold in THRESHOLDS
    ]
    context = {
        "current": current,
        "now": now,
        "versions": versions,
        "rows": rows,
        "form": form if may(request.user, Action.CHANGE_POLICY) else None,
        "is_bound": form.is_bound,
        "preview": preview,
        "table": _table(preview) if preview else [],
        "stages": Stage.choices,
        "samples": _samples(preview, request.user) if preview else [],
        "requests": _requests(request.user, now) if may(request.user, Action.SEE_REQUESTS) else None,
    }
    return answer(request, "lifecycle/policy.html", context, status=status)


def _table(preview: changing.Preview) -> list[tuple[str | Promise, list[tuple[int, Decimal, int, bool]]]]:
    """Rows (stage now, cells (members, their AUM, shade, same stage) for each stage then)."""
    most = max(
        (count for (left, entered), (count, _aum) in preview.moves.items() if left != entered), default=0
    )
    return [
        (label, [_cell(preview, left, entered, most) for entered in Stage.values])
        for left, label in Stage.choices
    ]


def _cell(preview: changing.Preview, left: str, entered: str, most: int) -> tuple[int, Decimal, int, bool]:
    count, aum = preview.moves.get((left, entered), (0, Decimal(0)))
    same = left == entered
    return count, aum, 0 if same else charts.heat(count, most), same


def _samples(preview: changing.Preview, staff: Staff) -> list[tuple[MemberView, dict[str, Any]]]:
    found = present([sample["member_id"] for sample in preview.samples], staff=staff, fields=("name",))
    views = {view.id: view for view in found}
    return [
        (views[sample["member_id"]], {**sample, "aum": Decimal(str(sample["aum"]))})
        for sample in preview.samples
        if sample["member_id"] in views
    ]


@dataclass(frozen=True)
class ShownRequest:
    """A policy request with its changes in words; whether it waits, and whether this reader may decide it."""

    request: Request
    changes: list[tuple[str | Promise, str, str]]
    effective_from: datetime
    waiting: bool
    may_decide: bool
    mine: bool


def _requests(staff: Staff, now: datetime) -> list[ShownRequest]:
    rows = (
        Request.objects.filter(kind=changing.KIND)
        .select_related("maker", "checker")
        .order_by("-made_at")[:DECIDED]
    )
    return [_shown(row, staff, now) for row in rows]


def _shown(row: Request, staff: Staff, now: datetime) -> ShownRequest:
    waiting = row.state == RequestState.PENDING and row.expires_at > now
    mine = row.maker_id == staff.pk
    return ShownRequest(
        request=row,
        changes=[
            (BY_FIELD[name].label, _in_words(name, before), _in_words(name, after))
            for name, (before, after) in row.diff.items()
            if name in BY_FIELD
        ],
        effective_from=datetime.fromisoformat(row.proposal["effective_from"]),
        waiting=waiting,
        may_decide=waiting and not mine and may(staff, Action.DECIDE_REQUEST),
        mine=waiting and mine,
    )


def _in_words(name: str, text: str) -> str:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return BY_FIELD[name].in_words(int(value) if value == value.to_integral_value() else value)


@allowed(Action.SEE_REQUESTS)
@require_POST
def decide(request: StaffRequest, request_id: int) -> HttpResponse:
    """Approve, reject or withdraw a policy request."""
    choice, opinion, now = request.POST.get("choice", ""), request.POST.get("opinion", ""), clock.now()
    try:
        if choice == "approve":
            requests.approve(request_id=request_id, checker=request.user, opinion=opinion, now=now)
            messages.success(request, _("Approved. The new values hold from their day on."))
        elif choice == "withdraw":
            requests.withdraw(request_id=request_id, maker=request.user, now=now)
            messages.success(request, _("Withdrawn."))
        else:
            requests.reject(request_id=request_id, checker=request.user, opinion=opinion, now=now)
            messages.success(request, _("Rejected."))
    except (requests.CannotDecide, ReasonMissing) as error:
        messages.error(request, str(error))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return HttpResponseRedirect(f"{reverse('policy')}#requests")
