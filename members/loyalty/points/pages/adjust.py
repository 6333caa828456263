"""Request an adjustment of a member's points, beside what the member has."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.text.fields import NormalTextField
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.forms.day_input import DayInput
from crm.web.responses import StaffRequest, done, render_page
from members.loyalty.main_programme import of_main_programme
from members.loyalty.models import PointsEntry, Programme
from members.loyalty.permissions import ADJUST_POINTS
from members.loyalty.points.configuration import adjustments
from members.loyalty.points.configuration.refusals import ChangeRefused
from members.loyalty.points.ledger.balance import get_balance
from members.loyalty.points.sentences.entries import shown_entries
from members.profiles.models import Member

SHOWN = 10  # entries


class AdjustForm(forms.Form):
    """How many points, until when added ones are valid, and why."""

    points = forms.IntegerField(
        label=gettext_lazy("Points"),
        min_value=-adjustments.MOST,
        max_value=adjustments.MOST,
        help_text=gettext_lazy("below 0 to take points"),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Valid until"),
        widget=DayInput,
        required=False,
        help_text=gettext_lazy("of points that are added; empty: never expires"),
    )
    reason = NormalTextField(
        label=gettext_lazy("Reason"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def terms(self) -> list[forms.BoundField]:
        return [self["points"], self["valid_until"]]


@allowed(ADJUST_POINTS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_main_programme
def adjust_page(request: StaffRequest, programme: Programme, member_id: int) -> HttpResponse:
    """The form for one member whom this person may see; a POST submits the request for approval."""
    now = clock.now()
    found = Member.objects.visible_to(request.user).filter(pk=member_id).first()
    if found is None:
        raise Http404
    form = AdjustForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        until = given["valid_until"]
        try:
            adjustments.propose(
                programme.pk,
                found.pk,
                given["points"],
                reason=given["reason"],
                expires_at=clock.day_start(until + timedelta(days=1)) if until else None,
                maker=request.user,
                now=now,
            )
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done(request, reverse("points-adjust", args=[found.pk]), words)
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (ChangeRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
    entries = PointsEntry.objects.filter(member=found.pk, programme=programme).order_by("-at", "-id")
    context = {
        "form": form,
        "member_id": found.pk,
        "balance": get_balance(programme.pk, found.pk),
        "entries": shown_entries(list(entries[:SHOWN])),
    }
    return render_page(request, "loyalty/points/adjust.html", context, status=422 if form.errors else 200)
