"""Record, answer and close a complaint: dialogs on the member page, pages of their own without script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from crm.directory.complaints.forms import ComplaintForm, StepForm
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.mask_levels import masked_value
from crm.web.lists.tokens import parse_instant
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done_and_reload, refused, render_page
from members.profiles.complaints import handle
from members.profiles.models import Complaint, Member
from members.profiles.permissions import HANDLE_COMPLAINTS


@dataclass(frozen=True)
class Step:
    """A step of a complaint's life as a dialog."""

    title: str | Promise
    label: str | Promise
    button: str | Promise
    done: str | Promise
    take: Callable[..., None]


ANSWER = Step(
    gettext_lazy("Answer complaint"),
    gettext_lazy("What was the member told?"),
    gettext_lazy("Save answer"),
    gettext_lazy("Answer saved."),
    handle.answer,
)
CLOSE = Step(
    gettext_lazy("Close complaint"),
    gettext_lazy("How was it resolved?"),
    gettext_lazy("Close complaint"),
    gettext_lazy("Complaint closed. Products may be offered again once none is open."),
    handle.close,
)


@allowed(HANDLE_COMPLAINTS)
@require_http_methods(["GET", "POST"])
def new_complaint(request: StaffRequest, member_id: int) -> HttpResponse:
    """Record a complaint of a member."""
    _check(request, member_id)
    now = clock.now()
    form = ComplaintForm(clock.day_of(now), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            handle.receive(
                member_id=member_id,
                words=form.cleaned_data["words"],
                received_at=form.received_at(now),
                key=form.cleaned_data["key"],
                staff=request.user,
                now=now,
            )
        except handle.ComplaintRefused as error:
            form.add_error(None, error_text(error))
        else:
            words = _("Complaint recorded. Until it is closed, service only: no products.")
            return done_and_reload(request, reverse("member", args=[member_id]), words)
    context = {"title": _("Record complaint"), "button": _("Record complaint")}
    return _dialog(request, member_id, form, context)


@allowed(HANDLE_COMPLAINTS)
@require_http_methods(["GET", "POST"])
def answer_complaint(request: StaffRequest, member_id: int) -> HttpResponse:
    """Say what the member was told."""
    return _take_step(request, member_id, ANSWER)


@allowed(HANDLE_COMPLAINTS)
@require_http_methods(["GET", "POST"])
def close_complaint(request: StaffRequest, member_id: int) -> HttpResponse:
    """Say how it ended; can be undone."""
    return _take_step(request, member_id, CLOSE)


def _take_step(request: StaffRequest, member_id: int, step: Step) -> HttpResponse:
    _check(request, member_id)
    now, complaint_id = clock.now(), request.GET.get("complaint", "").replace("\0", "")
    complaint = Complaint.objects.filter(member=member_id, id=complaint_id).first()
    if complaint is None:
        raise Http404
    form = StepForm(step.label, request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            step.take(
                member_id=member_id, complaint_id=complaint_id, words=words, staff=request.user, now=now
            )
        except handle.ComplaintRefused as error:
            form.add_error(None, error_text(error))
        else:
            undo = _undo(member_id, complaint_id, now) if step is CLOSE else None
            return done_and_reload(request, reverse("member", args=[member_id]), step.done, undo=undo)
    said = masked_value("text", complaint.words, request.user)
    context = {"title": step.title, "button": step.button, "complaint": complaint, "said": said}
    return _dialog(request, member_id, form, context)


def _undo(member_id: int, complaint_id: str, closed_at: datetime) -> Undo:
    fields = {"complaint": complaint_id, "closed_at": closed_at.isoformat()}
    return Undo(reverse("complaint-reopen", args=[member_id]), fields)


@allowed(HANDLE_COMPLAINTS)
@require_POST
def reopen_complaint(request: StaffRequest, member_id: int) -> HttpResponse:
    """Undo one's own closing."""
    back = reverse("member", args=[member_id])
    _check(request, member_id)
    try:
        closed_at = parse_instant(request.POST.get("closed_at", ""))
    except ValueError as error:
        raise Http404 from error
    try:
        handle.reopen(
            member_id=member_id,
            complaint_id=request.POST.get("complaint", ""),
            closed_at=closed_at,
            staff=request.user,
        )
    except handle.ComplaintRefused as error:
        return refused(request, back, error_text(error))
    return done_and_reload(request, back, _("Complaint reopened."))


def _check(request: StaffRequest, member_id: int) -> None:
    if not Member.objects.visible_to(request.user).filter(pk=member_id).exists():
        raise Http404


def _dialog(request: StaffRequest, member_id: int, form: forms.Form, context: dict[str, Any]) -> HttpResponse:
    context |= {"form": form, "member_id": member_id, "now": clock.now()}
    status = 422 if form.errors else 200
    return render_page(request, "directory/complaints/form.html", context, status=status)
