"""What is done about one member: a status verified or ended, a purchase checked."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.runtime import clock
from crm.runtime.errors import CodedError, error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.ids import id_or_none
from crm.web.responses import StaffRequest, done, refused, render_page
from members.portfolio.models import Product
from members.portfolio.permissions import DECIDE_PURCHASES, VERIFY_STATUS
from members.portfolio.suitability.change import status as change_status
from members.portfolio.suitability.member_record import decisions_of, statuses_of
from members.portfolio.suitability.pages.forms import PurchaseForm, StatusForm
from members.portfolio.suitability.pages.ratings import requests_of, submitted
from members.portfolio.suitability.record_purchase import PurchaseRequest, record_purchase
from members.profiles.member_view import MemberView, member_views


@allowed(VERIFY_STATUS)
@require_http_methods(["GET", "HEAD", "POST"])
def investor_status(request: StaffRequest, member_id: int) -> HttpResponse:
    """Submit a status of a member with its evidence; those that there are, and their end."""
    now, view = clock.now(), _view(request, member_id)
    form = StatusForm(clock.day_of(now), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _submit(request, form, member_id, now):
        return done(request, view.page, submitted())
    context = {
        "view": view,
        "form": form,
        "statuses": statuses_of(member_id, now),
        **requests_of(request, change_status.KIND, now, proposal__member=member_id),
    }
    return render_page(request, "portfolio/status.html", context, status=422 if form.errors else 200)


def _submit(request: StaffRequest, form: StatusForm, member_id: int, now: datetime) -> bool:
    try:
        change_status.propose(
            member_id,
            form.chosen(),
            reason=form.cleaned_data["reason"],
            maker=request.user,
            now=now,
        )
    except ReasonMissing as error:
        form.add_error("reason", error_text(error))
        return False
    except CodedError as error:
        form.add_error(None, error_text(error))
        return False
    return True


@allowed(VERIFY_STATUS)
@require_POST
def end_status(request: StaffRequest, member_id: int) -> HttpResponse:
    """End a status today."""
    _view(request, member_id)
    back = reverse("investor-status", args=[member_id])
    number = id_or_none(request.POST.get("status", ""))
    if number is None:
        raise Http404
    try:
        change_status.end(
            member_id, number, reason=request.POST.get("reason", ""), staff=request.user, now=clock.now()
        )
    except CodedError as error:
        return refused(request, back, error_text(error))
    return done(request, back, _("Status ended."))


@allowed(DECIDE_PURCHASES)
@require_http_methods(["GET", "HEAD", "POST"])
def purchase_check(request: StaffRequest, member_id: int) -> HttpResponse:
    """Check a purchase that the member asks for; every check is recorded."""
    now, view = clock.now(), _view(request, member_id)
    products = sorted(Product.objects.all(), key=lambda one: (one.local_name, one.code))
    choices = [(one.pk, one.local_name) for one in products]
    if request.method == "POST":
        form = PurchaseForm(choices, request.POST)
        if form.is_valid():
            asked = PurchaseRequest(
                member_id,
                form.cleaned_data["product"],
                form.cleaned_data["key"],
                form.chosen_steps(),
                form.cleaned_data["amount"],
            )
            record_purchase(asked, staff=request.user, now=now)
            return HttpResponseRedirect(f"{request.path}#decisions", status=303)
    else:
        form = PurchaseForm(choices, key=str(uuid.uuid4()))
    context = {"view": view, "form": form, "decisions": decisions_of(member_id, request.user)}
    return render_page(request, "portfolio/purchase.html", context, status=422 if form.errors else 200)


def _view(request: StaffRequest, member_id: int) -> MemberView:
    views = member_views([member_id], staff=request.user, fields=("name",))
    if not views:
        raise Http404
    return views[0]
