"""Propose the budget of the programme: what all its earn rules may grant together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Sum
from django.http import HttpResponse
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
from members.loyalty.models import EarnTally, PointsBudget, Programme
from members.loyalty.permissions import CONFIGURE_POINTS
from members.loyalty.points.configuration import budget
from members.loyalty.points.configuration.refusals import ChangeRefused


class BudgetForm(forms.Form):
    """Points in all, the first day, and the reason."""

    points = forms.IntegerField(label=gettext_lazy("Points in all"), min_value=0, max_value=10**15)
    effective_on = forms.DateField(label=gettext_lazy("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, now: datetime, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        tomorrow = clock.day_of(now) + timedelta(days=1)
        self.fields["effective_on"].initial = tomorrow.isoformat()
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def terms(self) -> list[forms.BoundField]:
        return [self["points"], self["effective_on"]]


@allowed(CONFIGURE_POINTS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_main_programme
def budget_page(request: StaffRequest, programme: Programme) -> HttpResponse:
    """The budget in force and what is spent of it; a POST submits another one for approval."""
    now = clock.now()
    form = BudgetForm(now, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            budget.propose(
                programme,
                given["points"],
                effective_from=clock.day_start(given["effective_on"]),
                reason=given["reason"],
                maker=request.user,
                now=now,
            )
            words = _("Submitted for approval. Nothing changes until it is approved.")
            return done(request, f"{reverse('points-rules')}#requests", words)
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (ChangeRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
    spent = EarnTally.objects.filter(rule__programme=programme).aggregate(points=Sum("granted"))
    begun = PointsBudget.objects.filter(programme=programme, effective_from__lte=now)
    context = {
        "form": form,
        "current": begun.order_by("-effective_from").first(),
        "granted": spent["points"] or 0,
    }
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/points/budget.html", context, status=status)
