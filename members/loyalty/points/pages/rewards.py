"""The catalogue of rewards: what each asks for, what is left, and proposing another version."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
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
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.forms.day_input import DayInput
from crm.web.responses import StaffRequest, done, render_page
from members.loyalty.main_programme import of_main_programme
from members.loyalty.models import Programme, Reward, RewardVersion
from members.loyalty.permissions import CONFIGURE_POINTS, SEE_LOYALTY_SETTINGS
from members.loyalty.points.configuration import rewards
from members.loyalty.points.configuration.refusals import ChangeRefused
from members.loyalty.points.configuration.rewards import RewardDraft
from members.loyalty.points.pages.rules import SHOWN
from members.loyalty.points.sentences.requests import LABELS

STATES = (("on", gettext_lazy("Available")), ("off", gettext_lazy("Withdrawn")))
MONEY: dict[str, Any] = {"min_value": Decimal(0), "max_digits": 11, "decimal_places": 2}


class RewardForm(forms.Form):
    """All that a version of a reward says, its first day, and the reason."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=60)
    name = NormalTextField(label=gettext_lazy("Name"), max_length=120)
    name_en = NormalTextField(label=gettext_lazy("English name"), max_length=120, required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES)
    points = forms.IntegerField(label=gettext_lazy("Price in points"), min_value=1, max_value=10**9)
    cost = forms.DecimalField(label=LABELS["cost"], **MONEY)
    value = forms.DecimalField(label=LABELS["value"], **MONEY)
    stock_added = forms.IntegerField(
        label=LABELS["stock_added"],
        min_value=0,
        max_value=10**9,
        required=False,
        help_text=gettext_lazy("pieces; leave empty if it never runs out"),
    )
    effective_on = forms.DateField(label=gettext_lazy("Effective from"), widget=DayInput)
    reason = NormalTextField(
        label=gettext_lazy("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, today: date, data: Any = None, *, latest: RewardVersion | None = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["effective_on"].initial = (today + timedelta(days=1)).isoformat()
        if latest is not None:
            for name in ("code", "name", "name_en"):
                self.fields[name].initial = getattr(latest.reward, name)
            for name in ("points", "cost", "value"):
                self.fields[name].initial = getattr(latest, name)
            self.fields["stock_added"].initial = None if latest.reward.stock is None else 0
            self.fields["state"].initial = "on" if latest.is_active else "off"
            self.fields["code"].widget.attrs["readonly"] = True
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def terms(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name != "reason"]

    def draft(self) -> RewardDraft:
        """What was entered; after is_valid()."""
        given = self.cleaned_data
        return RewardDraft(
            points=given["points"],
            cost=f"{given['cost']:.2f}",
            value=f"{given['value']:.2f}",
            stock_added=given["stock_added"],
            is_active=given["state"] == "on",
        )


@allowed(SEE_LOYALTY_SETTINGS)
@require_http_methods(["GET", "HEAD"])
@of_main_programme
def rewards_page(request: StaffRequest, programme: Programme) -> HttpResponse:
    """The rewards of the main programme, and the requests that would change them."""
    now = clock.now()
    requests = None
    if may(request.user, SEE_REQUESTS):
        rows = inbox.visible(request.user).filter(kind=rewards.KIND).order_by("-made_at")[:SHOWN]
        requests = inbox.shown_all(rows, request.user, now)
    context = {
        "rewards": shown_rewards(programme, now),
        "may_change": may(request.user, CONFIGURE_POINTS),
        "requests": requests,
        "back": f"{reverse('points-rewards')}#requests",
    }
    return render_page(request, "loyalty/points/rewards.html", context)


def shown_rewards(programme: Programme, now: datetime) -> list[tuple[Reward, RewardVersion, bool]]:
    """(reward, its version in force or the first to come, whether it is to come), by price."""
    found = []
    for reward in Reward.objects.filter(programme=programme).prefetch_related("versions"):
        versions = sorted(reward.versions.all(), key=lambda one: one.effective_from)
        begun = [one for one in versions if one.effective_from <= now]
        found.append((reward, begun[-1] if begun else versions[0], not begun))
    return sorted(found, key=lambda one: (one[1].points, one[0].code))


@allowed(CONFIGURE_POINTS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_main_programme
def reward_page(request: StaffRequest, programme: Programme) -> HttpResponse:
    """Propose a version: of the reward ?reward=CODE, or of a new one."""
    now = clock.now()
    code = request.GET.get("reward", "")
    latest = rewards.latest_version(programme.pk, code) if code else None
    if code and latest is None:
        raise Http404
    form = RewardForm(clock.day_of(now), request.POST if request.method == "POST" else None, latest=latest)
    if request.method == "POST":
        require(request.user, CONFIGURE_POINTS)
        if form.is_valid():
            try:
                return _propose(request, programme, form, now)
            except ReasonMissing as error:
                form.add_error("reason", error_text(error))
            except (ChangeRefused, AlreadyProposed) as error:
                form.add_error(None, error_text(error))
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/points/reward.html", {"form": form, "latest": latest}, status=status)


def _propose(request: StaffRequest, programme: Programme, form: RewardForm, now: datetime) -> HttpResponse:
    given = form.cleaned_data
    rewards.propose(
        programme,
        given["code"],
        form.draft(),
        name=given["name"],
        name_en=given["name_en"],
        effective_from=clock.day_start(given["effective_on"]),
        reason=given["reason"],
        maker=request.user,
        now=now,
    )
    words = _("Submitted for approval. Nothing changes until it is approved.")
    return done(request, f"{reverse('points-rewards')}#requests", words)
