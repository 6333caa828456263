"""Benefits as they are set: what each tier has, proposals of changes with their preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.queue.enqueue import wake
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.links import REQUESTS
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.ids import id_or_none
from crm.web.responses import StaffRequest, render_page, wants_part
from members.loyalty.benefits.pages.forms import BenefitForm
from members.loyalty.benefits.pages.trial import ShownTrial, shown_trial
from members.loyalty.benefits.settings import change, trial
from members.loyalty.main_programme import of_main_programme
from members.loyalty.models import Benefit, BenefitTrial, BenefitVersion, Programme, Tier
from members.loyalty.permissions import CHANGE_BENEFITS, SEE_LOYALTY_SETTINGS

SHOWN_REQUESTS = 5
REASON = "benefit_reason"  # in the session: (preview, the reason entered with its values)


@dataclass(frozen=True)
class ShownBenefit:
    """A benefit as it is now or will first be, the quotas in the order of tiers, and its next version."""

    version: BenefitVersion
    quotas: Sequence[tuple[Tier, int | None]]
    upcoming: BenefitVersion | None
    is_over: bool


@allowed(SEE_LOYALTY_SETTINGS)
@require_GET
@of_main_programme
def benefit_settings(request: StaffRequest, programme: Programme) -> HttpResponse:
    """Every benefit of the main programme with the quotas of its tiers, and the requests to change one."""
    now = clock.now()
    tiers = list(programme.tiers.order_by("rank"))
    context = {
        "tiers": tiers,
        "benefits": _shown(programme, tiers, clock.day_of(now)),
        "may_change": may(request.user, CHANGE_BENEFITS),
        "all_requests": REQUESTS.address(),
        "back": reverse("benefit-settings"),
        "requests": None,
    }
    if may(request.user, SEE_REQUESTS):
        rows = inbox.visible(request.user).filter(kind=change.KIND).order_by("-made_at")[:SHOWN_REQUESTS]
        context["requests"] = inbox.shown_all(rows, request.user, now)
    return render_page(request, "loyalty/benefits/settings.html", context)


@allowed(SEE_LOYALTY_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_main_programme
def new_benefit(request: StaffRequest, programme: Programme) -> HttpResponse:
    """Draft a benefit that there is not yet."""
    return _change(request, programme, None)


@allowed(SEE_LOYALTY_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def change_benefit(request: StaffRequest, benefit_id: int) -> HttpResponse:
    """Draft the next version of a benefit."""
    found = Benefit.objects.select_related("programme").filter(pk=benefit_id).first()
    if found is None:
        raise Http404
    return _change(request, found.programme, found)


def _change(request: StaffRequest, programme: Programme, benefit: Benefit | None) -> HttpResponse:
    now, tiers = clock.now(), list(programme.tiers.order_by("rank"))
    base = change.latest_version(benefit) if benefit else None
    form = BenefitForm(tiers, base, clock.day_of(now), request.POST or None)
    page = _Page(request, programme, benefit, tiers, now)
    if request.method != "POST":
        return page.show(form)
    require(request.user, CHANGE_BENEFITS)
    if form.is_valid():
        try:
            made = page.draft(form)
            return page.propose(form, made) if "propose" in request.POST else page.request_trial(form, made)
        except ValidationError as error:
            form.add_refusal(error)
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (change.BenefitRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
    return page.show(form, status=422)


@dataclass(frozen=True)
class _Page:
    """The page of one benefit, or of a new one."""

    request: StaffRequest
    programme: Programme
    benefit: Benefit | None
    tiers: Sequence[Tier]
    now: datetime

    @property
    def address(self) -> str:
        return reverse("benefit-change", args=[self.benefit.pk]) if self.benefit else reverse("benefit-new")

    def draft(self, form: BenefitForm) -> change.Draft:
        return change.draft(
            programme=self.programme,
            code=self.benefit.code if self.benefit else form.cleaned_data["code"],
            values=form.values(),
            quotas=form.quotas(),
            effective_from=form.cleaned_data["effective_from"],
            now=self.now,
            is_new=self.benefit is None,
        )

    def request_trial(self, form: BenefitForm, made: change.Draft) -> HttpResponse:
        row = trial.request_trial(made, staff=self.request.user, now=self.now)
        if not trial.run_if_few_members(row, self.now):
            wake(trial.KIND)
        self.request.session[REASON] = [row.pk, form.cleaned_data["reason"]]
        return HttpResponseRedirect(f"{self.address}?trial={row.pk}#trial", status=303)

    def propose(self, form: BenefitForm, made: change.Draft) -> HttpResponse:
        seen = trial.valid_trial(id_or_none(self.request.POST.get("trial", "")), made, self.now)
        change.propose(
            made,
            reason=form.cleaned_data["reason"],
            maker=self.request.user,
            preview=seen.result or {},
            now=self.now,
        )
        messages.success(self.request, _("Submitted for approval. Nothing changes until it is approved."))
        return HttpResponseRedirect(f"{reverse('benefit-settings')}#requests")

    def show(self, form: BenefitForm, status: int = 200) -> HttpResponse:
        """The form; with a preview, its values and what they would bring."""
        shown = self._shown_trial()
        if shown and not form.is_bound:
            number, reason = self.request.session.get(REASON, (None, ""))
            form.start_from(trial.draft_of(shown.trial), reason if number == shown.trial.pk else "")
        context = {
            "benefit": self.benefit,
            "form": form,
            "shown": shown,
            "may_change": may(self.request.user, CHANGE_BENEFITS),
        }
        if shown and wants_part(self.request):
            return render_page(self.request, "loyalty/benefits/trial.html", context)
        return render_page(self.request, "loyalty/benefits/change.html", context, status=status)

    def _shown_trial(self) -> ShownTrial | None:
        """The preview that the address or a rejected form names. Raises Http404."""
        given = self.request.GET.get("trial") or self.request.POST.get("trial")
        if not given:
            return None
        code = self.benefit.code if self.benefit else None
        trials = BenefitTrial.objects.select_related("programme", "requested_by")
        found = trials.filter(pk=id_or_none(given) or 0, programme=self.programme).first()
        if found is None or (code is not None and found.content["code"] != code):
            raise Http404
        return shown_trial(found, self.tiers, f"{self.address}?trial={found.pk}", self.now)


def _shown(programme: Programme, tiers: Sequence[Tier], today: date) -> list[ShownBenefit]:
    """Two queries."""
    versions = BenefitVersion.objects.filter(benefit__programme=programme).select_related("benefit")
    by_benefit: dict[int, list[BenefitVersion]] = {}
    for version in versions.prefetch_related("quotas").order_by("benefit", "-number"):
        by_benefit.setdefault(version.benefit_id, []).append(version)
    return sorted(
        (_benefit(found, tiers, today) for found in by_benefit.values()),
        key=lambda one: (one.is_over, one.version.kind, one.version.local_name),
    )


def _benefit(versions: Sequence[BenefitVersion], tiers: Sequence[Tier], today: date) -> ShownBenefit:
    """From its versions, the latest first."""
    shown = next((one for one in versions if one.effective_from <= today), versions[-1])
    later = [one for one in versions if one.effective_from > today and one is not shown]
    quotas = {quota.tier_id: quota.quota for quota in shown.quotas.all()}
    return ShownBenefit(
        shown,
        [(tier, quotas.get(tier.pk)) for tier in tiers],
        later[-1] if later else None,
        shown.valid_until is not None and shown.valid_until < today,
    )
