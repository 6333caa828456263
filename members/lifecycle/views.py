"""The policy's pages: what is in force, who would move under another one, and the four-eyes requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.staff import inbox
from crm.staff.models import Staff
from crm.staff.permissions import Action, allowed, may, require
from crm.staff.reveal import ReasonMissing
from crm.web import charts
from crm.web.answers import StaffRequest, answer
from members.lifecycle import policy as changing
from members.lifecycle.evaluate import policy_at
from members.lifecycle.forms import PolicyForm
from members.lifecycle.models import Policy, Stage
from members.lifecycle.thresholds import BY_FIELD, GROUPS, THRESHOLDS
from members.profiles.masking import MemberView, present

VERSIONS = 12
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
            messages.success(
                request, _("Proposed. Now somebody else has to decide; nothing has changed yet.")
            )
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
    may_change = may(request.user, Action.CHANGE_POLICY)
    context = {
        "current": current,
        "now": now,
        "groups": _groups(current),
        "history": _history(now, current),
        "form": form if may_change else None,
        "is_bound": form.is_bound,
        "proposed": form.differences() if preview else [],
        "preview": preview,
        "table": _table(preview) if preview else [],
        "stages": Stage.choices,
        "samples": _samples(preview, request.user) if preview else [],
        "requests": _requests(request.user, now) if may(request.user, Action.SEE_REQUESTS) else None,
        "back": f"{reverse('policy')}#requests",
    }
    return answer(request, "lifecycle/policy.html", context, status=status)


def _groups(current: Policy) -> list[tuple[str | Promise, list[tuple[str | Promise, str]]]]:
    """The values in force under the question each helps to answer."""
    return [
        (title, [(BY_FIELD[name].label, BY_FIELD[name].in_words(getattr(current, name))) for name in fields])
        for title, fields in GROUPS
    ]


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
class ShownVersion:
    """A version of the policy: what it changed against the one before, why, and since when it holds.

    `until` is empty for the last one; `state` is past, current or coming.
    """

    policy: Policy
    changes: list[tuple[str | Promise, str, str]]
    until: datetime | None
    state: str


def _history(now: datetime, current: Policy) -> list[ShownVersion]:
    """The latest versions, newest first, each with its changes. One query."""
    found = list(Policy.objects.order_by("-effective_from", "-version")[: VERSIONS + 1])
    shown = []
    for number, policy in enumerate(found[:VERSIONS]):
        before = found[number + 1] if number + 1 < len(found) else None
        state = "current" if policy == current else "coming" if policy.effective_from > now else "past"
        until = found[number - 1].effective_from if number else None
        shown.append(ShownVersion(policy, _changes(before, policy), until, state))
    return shown


def _changes(before: Policy | None, policy: Policy) -> list[tuple[str | Promise, str, str]]:
    if before is None:
        return []
    pairs = [(t, getattr(before, t.field), getattr(policy, t.field)) for t in THRESHOLDS]
    return [(t.label, t.in_words(old), t.in_words(new)) for t, old, new in pairs if old != new]


def _requests(staff: Staff, now: datetime) -> list[inbox.ShownRequest]:
    rows = inbox.visible(staff).filter(kind=changing.KIND).order_by("-made_at")[:DECIDED]
    return [inbox.shown(row, staff, now) for row in rows]
