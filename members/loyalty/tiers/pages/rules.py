"""The page of the tier rules: what applies, who would move under others, and the change requests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.queue.enqueue import wake
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.models import Staff
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.ids import id_or_none
from crm.web.responses import StaffRequest, done, render_page, wants_part
from members.loyalty.models import Tier, TierPolicy, TierTrial
from members.loyalty.permissions import CHANGE_TIERS, SEE_LOYALTY_SETTINGS
from members.loyalty.tiers.pages.forms import RulesForm
from members.loyalty.tiers.pages.impact import get_trial_or_404, shown_impact, trial_address
from members.loyalty.tiers.policy import propose
from members.loyalty.tiers.policy.draft import KINDS
from members.loyalty.tiers.policy.versions import list_versions
from members.loyalty.tiers.preview import trial
from members.loyalty.tiers.sentences.requests import KIND_LABELS, LABELS, threshold_text, value_text

SHOWN = 10  # versions and requests
DRAFT = "tier_draft"  # in the session: the day and reason entered with the values of the last preview


@dataclass(frozen=True)
class Ladder:
    """The rules of a version in words: (label, value), and the thresholds of each tier, the highest first."""

    rules: list[tuple[str | Promise, str]]
    kinds: list[str | Promise]
    tiers: list[tuple[Tier, list[str]]]


@allowed(SEE_LOYALTY_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def tier_rules(request: StaffRequest) -> HttpResponse:
    """The rules of the main programme; a POST requests a preview of others or proposes them."""
    now = clock.now()
    tiers = list(Tier.objects.filter(programme__is_main=True).order_by("rank"))
    versions = list_versions(tiers[0].programme_id) if tiers else []
    if not versions:
        return render_page(request, "loyalty/tiers/none.html", {})
    if request.method != "POST":
        return _show(request, now, tiers, versions)
    require(request.user, CHANGE_TIERS)
    form = RulesForm(versions[0], tiers, clock.day_of(now), request.POST)
    if form.is_valid():
        try:
            return (_propose if "propose" in request.POST else _preview)(request, form, versions[0], now)
        except ValidationError as error:
            form.add_refusal(error)
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (propose.PolicyRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
    found = TierTrial.objects.filter(pk=id_or_none(request.POST.get("trial", "")) or 0).first()
    return _page(request, now, tiers, versions, form=form, found=found, status=422)


def _show(
    request: StaffRequest, now: datetime, tiers: list[Tier], versions: list[TierPolicy]
) -> HttpResponse:
    """The page; while a preview is open htmx polls the part that shows it."""
    trial_id = request.GET.get("trial")
    if trial_id is None:
        return _page(request, now, tiers, versions)
    found = get_trial_or_404(trial_id)
    if found.programme_id != versions[0].programme_id:
        raise Http404
    if wants_part(request):
        impact = shown_impact(found, request.user, tiers, latest=versions[0].version, now=now)
        context = {"impact": impact, "may_change": may(request.user, CHANGE_TIERS)}
        return render_page(request, "loyalty/tiers/impact.html", context)
    return _page(request, now, tiers, versions, found=found)


def _preview(request: StaffRequest, form: RulesForm, base: TierPolicy, now: datetime) -> HttpResponse:
    """Request a preview of the form's rules and redirect to it."""
    day = form.cleaned_data["effective_on"]
    row = trial.request_trial(
        base.programme_id, form.values(), effective_from=day, staff=request.user, now=now
    )
    if not trial.run_if_few_members(row, now):
        wake(trial.KIND)
    request.session[DRAFT] = {"trial": row.pk, "reason": form.cleaned_data["reason"]}
    return HttpResponseRedirect(f"{trial_address(row)}#impact", status=303)


def _propose(request: StaffRequest, form: RulesForm, base: TierPolicy, now: datetime) -> HttpResponse:
    """Propose the form's rules, having seen their preview."""
    propose.propose(
        base.programme_id,
        form.values(),
        effective_from=form.cleaned_data["effective_on"],
        reason=form.cleaned_data["reason"],
        maker=request.user,
        trial=id_or_none(request.POST.get("trial", "")),
        now=now,
    )
    request.session.pop(DRAFT, None)
    return done(
        request,
        f"{reverse('tier-rules')}#requests",
        _("Submitted for approval. Nothing changes until it is approved."),
    )


def _page(
    request: StaffRequest,
    now: datetime,
    tiers: list[Tier],
    versions: list[TierPolicy],
    *,
    form: RulesForm | None = None,
    found: TierTrial | None = None,
    status: int = 200,
) -> HttpResponse:
    staff, today = request.user, clock.day_of(now)
    current = next((one for one in versions if one.effective_from <= today), versions[-1])
    may_change = may(staff, CHANGE_TIERS)
    impact = shown_impact(found, staff, tiers, latest=versions[0].version, now=now) if found else None
    if form is None and may_change:
        form = RulesForm(versions[0], tiers, today, start=_start(request, found))
    context = {
        "current": current,
        "ladder": ladder(current, tiers),
        "versions": [(one, one.effective_from > today, one == current) for one in versions[:SHOWN]],
        "form": form if may_change else None,
        "is_open": bool(form and form.is_bound) or (impact is not None and may_change),
        "impact": impact,
        "may_change": may_change,
        "requests": _requests(staff, now) if may(staff, SEE_REQUESTS) else None,
        "back": f"{reverse('tier-rules')}#requests",
    }
    return render_page(request, "loyalty/tiers/rules.html", context, status=status)


def _start(request: StaffRequest, found: TierTrial | None) -> dict[str, Any]:
    """What the form begins with: the rules of the preview that is shown, and the reason entered with them."""
    if found is None:
        return {}
    draft = request.session.get(DRAFT) or {}
    reason = draft.get("reason", "") if draft.get("trial") == found.pk else ""
    return {**found.values["values"], "effective_on": found.values["effective_from"], "reason": reason}


def ladder(policy: TierPolicy, tiers: list[Tier]) -> Ladder:
    """A version of the rules in words."""
    asked = {one["tier"]: one for one in policy.thresholds}
    kinds = [kind for kind in KINDS if any(kind in one for one in policy.thresholds)]
    names = [name for name in LABELS if name != "window_days" or "points" in kinds]
    return Ladder(
        [(LABELS[name], value_text(name, getattr(policy, name))) for name in names],
        [KIND_LABELS[kind] for kind in kinds],
        [
            (tier, [threshold_text(kind, asked.get(tier.pk, {}).get(kind)) for kind in kinds])
            for tier in reversed(tiers)
        ],
    )


def _requests(staff: Staff, now: datetime) -> list[inbox.ShownRequest]:
    rows = inbox.visible(staff).filter(kind=propose.KIND).order_by("-made_at")[:SHOWN]
    return inbox.shown_all(rows, staff, now)
