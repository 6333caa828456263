"""The rights desk: open requests by their deadline; each is received, worked on and answered."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, attachment, done_and_reload, render_page
from members.profiles.consent.pages.deeds import check_visible, consent_tab
from members.profiles.member_view import member_number, member_views
from members.profiles.models import Erasure, RightsKind, RightsRequest, RightsState
from members.profiles.permissions import HANDLE_RIGHTS, OPEN_SEALED
from members.profiles.personal.field_labels import FIELD_LABELS
from members.profiles.rights import desk, erase, own_data, sealed
from members.profiles.rights.pages.forms import AnswerForm, NewRequestForm, ReasonForm

MOST = 200  # rows of a list


def rights_tab(member_id: int) -> str:
    """The address of a member's requests."""
    return f"{consent_tab(member_id)}&part=rights"


@allowed(HANDLE_RIGHTS)
@require_GET
def rights_desk(request: StaffRequest) -> HttpResponse:
    """Open requests, the earliest deadline first; `?state=answered` the latest answers."""
    now = clock.now()
    answered = request.GET.get("state") == "answered"
    rows = RightsRequest.objects.select_related("recorded_by", "answered_by")
    if answered:
        rows = rows.exclude(state=RightsState.OPEN).order_by("-answered_at", "member_id", "id")
    else:
        rows = rows.filter(state=RightsState.OPEN).order_by("due_on", "member_id", "id")
    found = list(rows[:MOST])
    views = {view.id: view for view in member_views({row.member_id for row in found}, staff=request.user)}
    context = {
        "rows": [(row, views[row.member_id]) for row in found if row.member_id in views],
        "answered": answered,
        "today": clock.day_of(now),
        "erasure": RightsKind.ERASURE,
    }
    return render_page(request, "profiles/rights/desk.html", context)


@allowed(HANDLE_RIGHTS)
@require_http_methods(["GET", "POST"])
def new_request(request: StaffRequest, member_id: int) -> HttpResponse:
    """Record a request of a member."""
    check_visible(request, member_id)
    now = clock.now()
    form = NewRequestForm(clock.day_of(now), request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            desk.receive(
                member_id=member_id,
                kind=RightsKind(given["kind"]),
                words=given["words"],
                verified=given["verified"],
                received_at=form.received_at(now),
                key=given["key"],
                staff=request.user,
                now=now,
            )
        except desk.RightsRefused as error:
            form.add_error(None, error_text(error))
        else:
            return done_and_reload(request, rights_tab(member_id), _("Request recorded."))
    return _dialog(request, member_id, form, _("Record request"))


@allowed(HANDLE_RIGHTS)
@require_http_methods(["GET", "POST"])
def answer_request(request: StaffRequest, member_id: int, rights_id: int) -> HttpResponse:
    """Complete or refuse a request."""
    asked = _open_or_404(request, member_id, rights_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            desk.answer(
                member_id=member_id,
                rights_id=rights_id,
                state=RightsState(form.cleaned_data["state"]),
                words=form.cleaned_data["words"],
                staff=request.user,
                now=clock.now(),
            )
        except desk.RightsRefused as error:
            form.add_error(None, error_text(error))
        else:
            return done_and_reload(request, rights_tab(member_id), _("Answer saved."))
    return _dialog(request, member_id, form, _("Answer request"), asked=asked)


@allowed(HANDLE_RIGHTS)
@require_POST
def export_data(request: StaffRequest, member_id: int, rights_id: int) -> HttpResponseBase:
    """All data of a member as a file, for the member who asked in this request."""
    asked = _open_or_404(request, member_id, rights_id)
    reason = f"request {asked.id}: {asked.verified}"
    document = own_data.collect(member_id, staff=request.user, reason=reason, now=clock.now())
    text = json.dumps(document, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    return attachment([text.encode()], f"member-{member_id}.json", "application/json")


@allowed(HANDLE_RIGHTS)
@require_http_methods(["GET", "POST"])
def propose_erasure(request: StaffRequest, member_id: int) -> HttpResponse:
    """Propose that a member's data are erased."""
    check_visible(request, member_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            erase.propose(member_id, reason=form.cleaned_data["reason"], maker=request.user, now=clock.now())
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (erase.ErasureRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
        else:
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done_and_reload(request, rights_tab(member_id), words)
    return _dialog(request, member_id, form, _("Propose erasure"))


@allowed(OPEN_SEALED)
@require_http_methods(["GET", "POST"])
def sealed_data(request: StaffRequest, member_id: int) -> HttpResponse:
    """Show once what an erasure sealed, for a reason that is logged."""
    check_visible(request, member_id)
    if not Erasure.objects.filter(pk=member_id, sealed__isnull=False).exists():
        raise Http404
    form = ReasonForm(request.POST or None)
    values: list[tuple[Any, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            found = sealed.open_sealed(
                member_id, reason=form.cleaned_data["reason"], staff=request.user, now=clock.now()
            )
            values = [(FIELD_LABELS[field], text) for field, text in found.items()]
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
    return _dialog(request, member_id, form, _("Open sealed data"), values=values)


def _open_or_404(request: StaffRequest, member_id: int, rights_id: int) -> RightsRequest:
    check_visible(request, member_id)
    found = RightsRequest.objects.filter(member=member_id, id=rights_id, state=RightsState.OPEN).first()
    if found is None:
        raise Http404
    return found


def _dialog(request: StaffRequest, member_id: int, form: Any, title: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "button": title, "back": rights_tab(member_id), **more}
    context["number"] = member_number(member_id)
    context["desk"] = reverse("rights")
    status = 422 if form.errors else 200
    return render_page(request, "profiles/rights/dialog.html", context, status=status)
