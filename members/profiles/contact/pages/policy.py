"""The contact policy and the consent texts: what applies, and proposing another version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, done, render_page
from members.profiles.consent import texts
from members.profiles.consent.pages.text_form import TextForm
from members.profiles.contact import change_policy
from members.profiles.contact.pages.forms import PolicyForm
from members.profiles.contact.policy import CAPPED, PolicyRefused, latest_policy, policy_on
from members.profiles.contact.sentences import caps_text, hours_text, kind_label, version_text
from members.profiles.models import CONSENT_PURPOSES, ContactChannel, Purpose
from members.profiles.permissions import CHANGE_CONTACT_POLICY, SEE_CONTACT_POLICY

SHOWN = 10  # requests


@allowed(SEE_CONTACT_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_policy(request: StaffRequest) -> HttpResponse:
    """Quiet hours and caps in force; a POST submits others for approval."""
    now = clock.now()
    if request.method == "POST":
        require(request.user, CHANGE_CONTACT_POLICY)
    base = latest_policy()
    form = PolicyForm(base, clock.day_of(now), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_policy.propose(
                form.quiet_values(),
                form.cap_values(),
                effective_from=form.cleaned_data["effective_on"],
                reason=form.cleaned_data["reason"],
                maker=request.user,
                now=now,
            )
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (PolicyRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
        else:
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done(request, f"{reverse('contact-policy')}#requests", words)
    policy = policy_on(clock.day_of(now))
    context = {
        "version": version_text(policy),
        "hours": [(one.label, hours_text(policy.quiet[one.value])) for one in ContactChannel],
        "caps": [(kind_label(kind), caps_text(policy.caps[kind])) for kind in CAPPED],
        "form": form if may(request.user, CHANGE_CONTACT_POLICY) else None,
        **_requests(request, change_policy.KIND, "contact-policy", now),
    }
    return render_page(request, "profiles/contact/policy.html", context, status=422 if form.errors else 200)


@allowed(SEE_CONTACT_POLICY)
@require_http_methods(["GET", "HEAD", "POST"])
def consent_texts(request: StaffRequest) -> HttpResponse:
    """The texts in force by purpose; a POST submits another version of one for approval."""
    now = clock.now()
    if request.method == "POST":
        require(request.user, CHANGE_CONTACT_POLICY)
    form = TextForm(clock.day_of(now), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            texts.propose(
                Purpose(given["purpose"]),
                text=given["text"],
                text_en=given["text_en"],
                effective_from=given["effective_on"],
                reason=given["reason"],
                maker=request.user,
                now=now,
            )
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (texts.TextRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
        else:
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done(request, f"{reverse('consent-texts')}#requests", words)
    in_force = texts.texts_on(clock.day_of(now))
    context = {
        "texts": [(one.label, in_force.get(one.value)) for one in CONSENT_PURPOSES],
        "form": form if may(request.user, CHANGE_CONTACT_POLICY) else None,
        **_requests(request, texts.KIND, "consent-texts", now),
    }
    return render_page(request, "profiles/consent/texts.html", context, status=422 if form.errors else 200)


def _requests(request: StaffRequest, kind: str, url: str, now: datetime) -> dict[str, Any]:
    if not may(request.user, SEE_REQUESTS):
        return {"requests": None}
    rows = inbox.visible(request.user).filter(kind=kind).order_by("-made_at")[:SHOWN]
    return {
        "requests": inbox.shown_all(rows, request.user, now),
        "back": f"{reverse(url)}#requests",
    }
