"""The policy's pages: what is in force, who would move under another one, and the four-eyes requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.queue.enqueue import wake
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.links import REQUESTS
from crm.staff.models import Staff
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.ids import id_or_none
from crm.web.responses import StaffRequest, answer, wants_part
from members.lifecycle.models import Policy, PolicyTrial, Stage
from members.lifecycle.pages import trial as show_trial
from members.lifecycle.pages.forms import PolicyForm
from members.lifecycle.permissions import CHANGE_POLICY, SEE_POLICY
from members.lifecycle.policy import change as changing
from members.lifecycle.policy import trial
from members.lifecycle.policy.thresholds import BY_FIELD, GROUPS
from members.lifecycle.policy.versions import policy_at
from members.lifecycle.sentences.policy import differences, threshold_value

VERSIONS = 12
DECIDED = 10
DRAFT = "policy_draft"  # in the session: what was sent along with the values last tried


@allowed(SEE_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_page(request: StaffRequest) -> HttpResponse:
    """The thresholds and their versions, and a trial of others; a POST asks for a trial, or proposes one."""
    now = clock.now()
    current = policy_at(now)
    if request.method != "POST":
        return _read(request, now, current)
    require(request.user, CHANGE_POLICY)
    form = PolicyForm(current, clock.day_of(now), request.POST)
    if form.is_valid():
        try:
            return _propose(request, form, now) if "propose" in request.POST else _try(request, form, now)
        except ValidationError as error:
            form.add_refusal(error)
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (changing.PolicyRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
    return _page(request, now, current, form, found=_same(request, form), status=422)


def _read(request: StaffRequest, now: datetime, current: Policy) -> HttpResponse:
    """The page; while a trial is under way htmx asks for its part alone."""
    asked = request.GET.get("trial")
    if asked is None:
        return _page(request, now, current)
    found = show_trial.find(asked)
    if wants_part(request):
        shown = show_trial.show(found, request.user, current=current, now=now)
        in_form = may(request.user, CHANGE_POLICY)
        context = {"tried": shown, "stages": Stage.choices, "in_form": in_form}
        return answer(request, "lifecycle/trial.html", context)
    return _page(request, now, current, found=found)


def _try(request: StaffRequest, form: PolicyForm, now: datetime) -> HttpResponse:
    """Ask who would move, and go where that is shown."""
    row = trial.ask(form.values(), effective_from=form.effective_from(), asker=request.user, now=now)
    if not trial.answer_at_once(row, now):
        wake(trial.KIND)
    request.session[DRAFT] = {
        "trial": row.pk,
        "effective_on": form.cleaned_data["effective_on"].isoformat(),
        "reason": form.cleaned_data["reason"],
    }
    return HttpResponseRedirect(f"{show_trial.address_of(row)}#trial", status=303)


def _propose(request: StaffRequest, form: PolicyForm, now: datetime) -> HttpResponse:
    given = request.POST.get("trial", "")
    changing.propose(
        form.values(),
        effective_from=form.effective_from(),
        reason=form.cleaned_data["reason"],
        maker=request.user,
        trial=id_or_none(given),
        now=now,
    )
    request.session.pop(DRAFT, None)
    messages.success(request, _("Submitted for approval. Nothing changes until it is approved."))
    return HttpResponseRedirect(f"{reverse('policy')}#requests")


def _start(request: StaffRequest, found: PolicyTrial) -> dict[str, Any]:
    """What the form begins with: the trial's values, and the day and reason that were sent with them."""
    policy = changing.as_policy(found)
    start = {name: getattr(policy, name) for name in changing.FIELDS}
    start["effective_on"] = clock.day_of(found.effective_from).isoformat()
    draft = request.session.get(DRAFT, {})
    if draft.get("trial") != found.pk:
        return start
    return start | {name: draft[name] for name in ("effective_on", "reason")}


def _same(request: StaffRequest, form: PolicyForm) -> PolicyTrial | None:
    """The trial that a refused form was sent with, as long as it is of the form's values."""
    given = id_or_none(request.POST.get("trial", ""))
    if not given or not set(changing.FIELDS) <= set(form.cleaned_data):
        return None
    text = changing.as_text(Policy(**form.values()))
    trials = PolicyTrial.objects.select_related("policy", "asked_by", "item")
    return trials.filter(pk=given, values=text).first()


def _page(
    request: StaffRequest,
    now: datetime,
    current: Policy,
    form: PolicyForm | None = None,
    *,
    found: PolicyTrial | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; without a form as it was sent, one that begins with the trial's values or those in force."""
    staff = request.user
    may_change = may(staff, CHANGE_POLICY)
    shown = show_trial.show(found, staff, current=current, now=now) if found else None
    proposals = _requests(staff, now) if may(staff, SEE_REQUESTS) else None
    # What is proposed already is to be read and decided, not to be proposed again.
    waiting = {one.request.proposal.get("trial") for one in proposals or () if one.waiting}
    waits = found is not None and found.pk in waiting
    in_form = may_change and not waits
    begun = form or PolicyForm(
        current, clock.day_of(now), start=_start(request, found) if found and in_form else None
    )
    context = {
        "current": current,
        "now": now,
        "groups": _groups(current),
        "history": _history(now, current),
        "form": begun if may_change else None,
        "is_open": begun.is_bound or bool(shown and in_form),
        "tried": shown,
        "waits": waits,
        "in_form": in_form,
        "stages": Stage.choices,
        "requests": proposals,
        "all_requests": REQUESTS.address(),
        "back": f"{reverse('policy')}#requests",
    }
    return answer(request, "lifecycle/policy.html", context, status=status)


def _groups(current: Policy) -> list[tuple[str | Promise, list[tuple[str | Promise, str]]]]:
    """The values in force under the question each helps to answer."""
    thresholds = [(title, [BY_FIELD[name] for name in fields]) for title, fields in GROUPS]
    return [
        (title, [(one.label, threshold_value(one, getattr(current, one.field))) for one in group])
        for title, group in thresholds
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
        shown.append(ShownVersion(policy, differences(before, policy), until, state))
    return shown


def _requests(staff: Staff, now: datetime) -> list[inbox.ShownRequest]:
    rows = inbox.visible(staff).filter(kind=changing.KIND).order_by("-made_at")[:DECIDED]
    return [inbox.shown(row, staff, now) for row in rows]
