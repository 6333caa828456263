"""The policy page: the thresholds in force, who would move under others, and the change requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

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
from crm.web.responses import StaffRequest, done, refused, render_page, wants_part
from members.lifecycle.models import Policy, PolicyTrial, WithdrawnPolicy
from members.lifecycle.pages.forms import PolicyForm
from members.lifecycle.pages.trial import get_trial_or_404, shown_trial, trial_address
from members.lifecycle.permissions import CHANGE_POLICY, SEE_POLICY
from members.lifecycle.policy import change, trial, withdraw
from members.lifecycle.policy.thresholds import BY_FIELD, GROUPS
from members.lifecycle.policy_versions import in_force, list_versions
from members.lifecycle.sentences.policy import differences, threshold_value

VERSIONS = 12
WITHDRAWN = 3
DECIDED = 10
DRAFT = "policy_draft"  # in the session: the day and reason entered with the values of the last trial


@allowed(SEE_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def policy_page(request: StaffRequest) -> HttpResponse:
    """The thresholds, their versions, a trial of others; a POST requests a trial or proposes its values."""
    now, versions = clock.now(), list_versions()
    if request.method != "POST":
        return _show(request, now, versions)
    require(request.user, CHANGE_POLICY)
    form = PolicyForm(versions[0], clock.day_of(now), request.POST)
    if form.is_valid():
        try:
            return (
                _propose(request, form, now)
                if "propose" in request.POST
                else _request_trial(request, form, now)
            )
        except ValidationError as error:
            form.add_refusal(error)
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (change.PolicyRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
    return _page(request, now, versions, form, found=_trial_of_form(request, form), status=422)


@allowed(CHANGE_POLICY)
@require_POST
def withdraw_version(request: StaffRequest, version: int) -> HttpResponse:
    """Ask for a version to be withdrawn before it takes effect."""
    back = f"{reverse('policy')}#versions"
    try:
        withdraw.propose(version, reason=request.POST.get("reason", ""), maker=request.user, now=clock.now())
    except (withdraw.WithdrawalRefused, AlreadyProposed, ReasonMissing) as error:
        return refused(request, back, error_text(error))
    return done(request, back, _("Submitted for approval. Nothing changes until it is approved."))


def _show(request: StaffRequest, now: datetime, versions: Sequence[Policy]) -> HttpResponse:
    """The page; while a trial is open htmx polls the part that shows it."""
    trial_id = request.GET.get("trial")
    if trial_id is None:
        return _page(request, now, versions)
    found = get_trial_or_404(trial_id)
    if wants_part(request):
        current = in_force(versions, now)
        shown = shown_trial(found, request.user, current=current, base=versions[0], now=now)
        in_form = may(request.user, CHANGE_POLICY)
        context = {"shown_trial": shown, "in_form": in_form}
        return render_page(request, "lifecycle/trial.html", context)
    return _page(request, now, versions, found=found)


def _request_trial(request: StaffRequest, form: PolicyForm, now: datetime) -> HttpResponse:
    """Request a trial of the form's values and redirect to it."""
    effective_from = form.effective_from()
    row = trial.request_trial(form.values(), effective_from=effective_from, staff=request.user, now=now)
    if not trial.run_if_few_members(row, now):
        wake(trial.KIND)
    request.session[DRAFT] = {
        "trial": row.pk,
        "effective_on": form.cleaned_data["effective_on"].isoformat(),
        "reason": form.cleaned_data["reason"],
    }
    return HttpResponseRedirect(f"{trial_address(row)}#trial", status=303)


def _propose(request: StaffRequest, form: PolicyForm, now: datetime) -> HttpResponse:
    given = request.POST.get("trial", "")
    change.propose(
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


def _initial_values(request: StaffRequest, found: PolicyTrial) -> dict[str, Any]:
    """The form's initial values: those of the trial, and the day and reason entered with them."""
    policy = change.policy_of_trial(found)
    start = {name: getattr(policy, name) for name in change.FIELDS}
    start["effective_on"] = clock.day_of(found.effective_from).isoformat()
    draft = request.session.get(DRAFT, {})
    if draft.get("trial") != found.pk:
        return start
    return start | {name: draft[name] for name in ("effective_on", "reason")}


def _trial_of_form(request: StaffRequest, form: PolicyForm) -> PolicyTrial | None:
    """The trial that a rejected form was sent with, if it is of the form's values."""
    given = id_or_none(request.POST.get("trial", ""))
    if not given or not set(change.FIELDS) <= set(form.cleaned_data):
        return None
    text = change.values_as_text(Policy(**form.values()))
    trials = PolicyTrial.objects.select_related("policy", "requested_by", "item")
    return trials.filter(pk=given, values=text).first()


def _page(
    request: StaffRequest,
    now: datetime,
    versions: Sequence[Policy],
    form: PolicyForm | None = None,
    *,
    found: PolicyTrial | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; without a rejected form, one with the values of the trial or those in force."""
    staff, base, current = request.user, versions[0], in_force(versions, now)
    may_change = may(staff, CHANGE_POLICY)
    shown = shown_trial(found, staff, current=current, base=base, now=now) if found else None
    proposals = _requests(staff, now) if may(staff, SEE_REQUESTS) else None
    # Values that are pending are shown outside the form: nobody can propose them again.
    pending = {one.request.proposal.get("trial") for one in proposals or () if one.waiting}
    is_pending = found is not None and found.pk in pending
    in_form = may_change and not is_pending
    initial = form or PolicyForm(
        base, clock.day_of(now), start=_initial_values(request, found) if found and in_form else None
    )
    context = {
        "current": current,
        "now": now,
        "groups": _groups(current),
        "history": _history(now, current, versions[: VERSIONS + 1]),
        "withdrawn": list(WithdrawnPolicy.objects.order_by("-withdrawn_at")[:WITHDRAWN]),
        "form": initial if may_change else None,
        "is_open": initial.is_bound or bool(shown and in_form),
        "shown_trial": shown,
        "is_pending": is_pending,
        "in_form": in_form,
        "requests": proposals,
        "all_requests": REQUESTS.address(),
        "back": f"{reverse('policy')}#requests",
    }
    return render_page(request, "lifecycle/policy.html", context, status=status)


def _groups(current: Policy) -> list[tuple[str | Promise, list[tuple[str | Promise, str]]]]:
    """The values in force by group."""
    thresholds = [(title, [BY_FIELD[name] for name in fields]) for title, fields in GROUPS]
    return [
        (title, [(one.label, threshold_value(one, getattr(current, one.field))) for one in group])
        for title, group in thresholds
    ]


@dataclass(frozen=True)
class ShownVersion:
    """A version of the policy with its changes against the one before, in force up to `until`.

    `until` is empty for the last one; `state` is past, current or upcoming.
    """

    policy: Policy
    changes: list[tuple[str | Promise, str, str]]
    until: datetime | None
    state: str
    can_be_withdrawn: bool = False


def _history(now: datetime, current: Policy, found: Sequence[Policy]) -> list[ShownVersion]:
    """The latest versions, newest first, each with its changes; one more is known to compare with."""
    shown = []
    for number, policy in enumerate(found[:VERSIONS]):
        before = found[number + 1] if number + 1 < len(found) else None
        state = "current" if policy == current else "upcoming" if policy.effective_from > now else "past"
        until = found[number - 1].effective_from if number else None
        goes = withdraw.can_be_withdrawn(policy, latest=found[0], now=now)
        shown.append(ShownVersion(policy, differences(before, policy), until, state, goes))
    return shown


def _requests(staff: Staff, now: datetime) -> list[inbox.ShownRequest]:
    rows = inbox.visible(staff).filter(kind__in=(change.KIND, withdraw.KIND)).order_by("-made_at")[:DECIDED]
    return inbox.shown_all(rows, staff, now)
