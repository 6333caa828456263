"""The page of one version, and what an officer does on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from campaigns.review.copy import decide as decisions
from campaigns.review.copy import exceptions
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.desk import claims
from campaigns.review.desk.page import VersionPage, version_page, with_people
from campaigns.review.desk.pages.frame import render_desk
from campaigns.review.desk.previews import previews
from campaigns.review.desk.sentences.pages import held_text, usual_reasons
from campaigns.review.models import CopyFinding, CopyVersion, Decision, Opinion
from campaigns.review.permissions import REVIEW_COPY
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import BadQuery, StaffRequest, wants_part

DAYS = (30, 60, 90, 180)  # for which an approval may hold, as the page offers it
_VERBS: dict[str, Callable[..., Opinion]] = {
    Decision.APPROVED: decisions.approve,
    Decision.RETURNED: decisions.return_to_maker,
    Decision.REJECTED: decisions.reject,
}


@allowed(REVIEW_COPY)
@require_GET
def version_view(request: StaffRequest, version_id: int) -> HttpResponse:
    """One version with its findings beside it; decided ones can be read for good."""
    return _page(request, _found(version_id), clock.now())


@allowed(REVIEW_COPY)
@require_GET
def previews_view(request: StaffRequest, version_id: int) -> HttpResponse:
    """How some real members would see the version."""
    version, now = _found(version_id), clock.now()
    context = {"version": version, "previews": previews(version, request.user, now)}
    return render_desk(request, "review/desk/previews_page.html", context, now=now, part="shown")


@allowed(REVIEW_COPY)
@require_POST
def claim(request: StaffRequest, version_id: int) -> HttpResponse:
    """Claim the version, take it over or put it back; htmx gets the line that says whose it is."""
    now = clock.now()
    deed = request.POST.get("deed", "claim")
    if deed == "release":
        claims.release(version_id, request.user)
        return HttpResponseRedirect(reverse("review-queue"))
    try:
        claims.claim(version_id, request.user, now=now, take_over=deed == "take")
    except claims.Held as held:
        if not wants_part(request):
            messages.error(request, held_text(held.claim))
    except claims.NothingToClaim:
        pass  # the page says what was decided
    if wants_part(request):
        page = version_page(_found(version_id), request.user, now)
        return render_desk(request, "review/desk/claim.html", {"page": page}, now=now)
    return HttpResponseRedirect(reverse("review-version", args=[version_id]))


@allowed(REVIEW_COPY)
@require_POST
def claim_next(request: StaffRequest) -> HttpResponse:
    """Claim what is due first and open it; `after` leaves the version being left out."""
    after = request.POST.get("after", "")
    return _open_next(request, after=int(after) if after.isdecimal() else None)


def _open_next(request: StaffRequest, *, after: int | None) -> HttpResponse:
    found = claims.claim_next(request.user, now=clock.now(), after=after)
    if found is None:
        messages.info(request, _("Nothing else is waiting for you."))
        return HttpResponseRedirect(reverse("review-queue"))
    return HttpResponseRedirect(reverse("review-version", args=[found]))


@allowed(REVIEW_COPY)
@require_POST
def accept(request: StaffRequest, version_id: int, finding_id: int) -> HttpResponse:
    """Accept a warning by name, or take that back."""
    finding, now = _finding(version_id, finding_id), clock.now()
    wanted = request.POST.get("accept") == "yes"
    return _done(
        request,
        version_id,
        lambda: decisions.accept(finding.pk, officer=request.user, now=now, accepted=wanted),
    )


@allowed(REVIEW_COPY)
@require_POST
def ask_exception(request: StaffRequest, version_id: int, finding_id: int) -> HttpResponse:
    """Ask a second officer for an exception for one finding."""
    finding, now = _finding(version_id, finding_id), clock.now()
    reason = request.POST.get("reason", "")

    def ask() -> None:
        exceptions.ask(finding.pk, officer=request.user, reason=reason, now=now)
        messages.success(request, _("Exception requested. Another officer decides."))

    return _done(request, version_id, ask)


@allowed(REVIEW_COPY)
@require_POST
def decide(request: StaffRequest, version_id: int) -> HttpResponse:
    """Approve, return or reject; what is due next opens then."""
    version, now = _found(version_id), clock.now()
    decision, days = request.POST.get("decision", ""), request.POST.get("days", "")
    if decision not in _VERBS or not days.isdecimal():
        raise BadQuery(_("Invalid choice."))
    reason = request.POST.get("reason", "").strip()
    given: dict[str, Any] = {"template_hash": request.POST.get("template_hash", "")}
    if decision == Decision.APPROVED:
        given["days"] = int(days)
        reason = reason or _("Approved as submitted.")
    try:
        claims.claim(version_id, request.user, now=now)
        _VERBS[decision](version_id, officer=request.user, reason=reason, now=now, **given)
    except claims.Held as held:
        words = held_text(held.claim)
    except claims.NothingToClaim:
        words = _("This version is not under review.")
    except (CopyRefused, ReasonMissing) as error:
        words = error_text(error)
    else:
        claims.release(version_id, request.user)
        messages.success(request, _decided_text(decision, version))
        return _open_next(request, after=None)
    values = {"words": words, "reason": request.POST.get("reason", ""), "chosen_days": int(days)}
    return _page(request, version, now, values, status=422)


def _decided_text(decision: str, version: CopyVersion) -> str:
    values = {"decision": Decision(decision).label, "copy": version.copy, "number": version.number}
    return _("%(decision)s: %(copy)s, v%(number)s") % values


def _page(
    request: StaffRequest,
    version: CopyVersion,
    now: datetime,
    values: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    page: VersionPage = version_page(version, request.user, now)
    context = {
        "page": page,
        "usual_reasons": usual_reasons(),
        "approval_days": DAYS,
        "chosen_days": decisions.APPROVED_DAYS,
    }
    return render_desk(request, "review/desk/version.html", context | (values or {}), now=now, status=status)


def _done(request: StaffRequest, version_id: int, deed: Callable[[], object]) -> HttpResponse:
    """Do it under the claim and show the version again; a refusal is said there."""
    try:
        claims.claim(version_id, request.user, now=clock.now())
        deed()
    except claims.Held as held:
        messages.error(request, held_text(held.claim))
    except claims.NothingToClaim:
        messages.error(request, _("This version is not under review."))
    except (CopyRefused, ReasonMissing, AlreadyProposed) as error:
        messages.error(request, error_text(error))
    return HttpResponseRedirect(reverse("review-version", args=[version_id]))


def _found(version_id: int) -> CopyVersion:
    version = with_people(version_id)
    if version is None:
        raise Http404
    return version


def _finding(version_id: int, finding_id: int) -> CopyFinding:
    found = CopyFinding.objects.filter(pk=finding_id, version=version_id).first()
    if found is None:
        raise Http404
    return found
