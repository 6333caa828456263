"""The suppression list: look an address up, add one, propose that an entry is taken off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.imports.errors.row_errors import RowRejected
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.text.fields import NormalTextField
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import SEE_REQUESTS, allowed, may
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.responses import StaffRequest, done_and_reload, render_page
from members.profiles.consent import lift
from members.profiles.consent.addresses import hash_address
from members.profiles.consent.opt_out import stop
from members.profiles.consent.pages.forms import InputForm, SuppressForm
from members.profiles.models import ContactChannel, Suppression, SuppressionReason, SuppressionScope
from members.profiles.permissions import SUPPRESS

SHOWN = 10  # requests
LATEST_FIRST = Order("since", parse_instant, key_descending=True, nulls=False)


class LiftForm(InputForm):
    """Why an entry should be taken off."""

    reason = NormalTextField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@allowed(SUPPRESS)
@require_GET
def suppression_page(request: StaffRequest) -> HttpResponse:
    """The list, the latest entry first."""
    page = page_of(_entries(), LATEST_FIRST, request.GET.get("after", ""))
    return _list(request, {"page": page})


@allowed(SUPPRESS)
@require_POST
def find_suppressions(request: StaffRequest) -> HttpResponse:
    """The entries of one address, which no address bar keeps."""
    try:
        address_hash = hash_address(ContactChannel.PUSH, request.POST.get("address", ""))
    except RowRejected as rejected:
        return _list(request, {"page": None, "asked": True, "error": rejected.reason.said()}, status=422)
    rows = list(_entries().filter(address_hash=address_hash).order_by("-since", "-id"))
    return _list(request, {"page": Page(rows, "", first=True), "asked": True})


def _entries() -> QuerySet[Suppression]:
    return Suppression.objects.select_related("by")


def _list(request: StaffRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context |= {
        "requests": _requests(request, clock.now()),
        "back": f"{reverse('suppression')}#requests",
    }
    return render_page(request, "profiles/consent/suppression.html", context, part="rows", status=status)


@allowed(SUPPRESS)
@require_http_methods(["GET", "POST"])
def add_suppression(request: StaffRequest) -> HttpResponse:
    """Put an address on the list; consents of its members on that channel end."""
    form = SuppressForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        channel = ContactChannel(given["channel"])
        try:
            stop(
                channel=channel,
                address_hash=hash_address(channel, given["address"]),
                scope=SuppressionScope(given["scope"]),
                reason=SuppressionReason(given["reason"]),
                evidence=given["words"],
                by=request.user,
                now=clock.now(),
            )
        except RowRejected as rejected:
            form.add_error("address", rejected.reason.said())
        else:
            return done_and_reload(request, reverse("suppression"), _("Address suppressed."))
    return _dialog(request, form, {"title": _("Suppress an address"), "button": _("Suppress address")})


@allowed(SUPPRESS)
@require_http_methods(["GET", "POST"])
def propose_lift(request: StaffRequest, suppression_id: int) -> HttpResponse:
    """Propose that an entry is taken off the list."""
    entry = Suppression.objects.filter(pk=suppression_id, lifted_at=None).first()
    if entry is None:
        raise Http404
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift.propose(entry.pk, reason=form.cleaned_data["reason"], maker=request.user, now=clock.now())
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (lift.LiftRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
        else:
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done_and_reload(request, f"{reverse('suppression')}#requests", words)
    title = _("Propose removal from the suppression list")
    return _dialog(request, form, {"title": title, "button": _("Submit for approval"), "entry": entry})


def _requests(request: StaffRequest, now: datetime) -> list[inbox.ShownRequest] | None:
    if not may(request.user, SEE_REQUESTS):
        return None
    rows = inbox.visible(request.user).filter(kind=lift.KIND).order_by("-made_at")[:SHOWN]
    return inbox.shown_all(rows, request.user, now)


def _dialog(request: StaffRequest, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    context |= {"form": form, "back": reverse("suppression")}
    status = 422 if form.errors else 200
    return render_page(request, "profiles/consent/dialog.html", context, status=status)
