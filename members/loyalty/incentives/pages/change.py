"""Propose a badge or quest, or another version of one, after a preview of who would have it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.models import Stage
from members.loyalty.incentives.configure import Draft, IncentiveRefused, content_of, propose
from members.loyalty.incentives.list_incentives import ShownIncentive, get_incentive_or_404
from members.loyalty.incentives.pages.forms import IncentiveForm, StepForms, initial_of, initial_steps
from members.loyalty.incentives.preview import would_have
from members.loyalty.incentives.sentences.refusals import finding_text
from members.loyalty.incentives.sentences.requests import name_of, rule_text
from members.loyalty.models import IncentiveKind, Programme
from members.loyalty.permissions import CHANGE_INCENTIVES
from members.rules.language.errors import BadRules


@allowed(CHANGE_INCENTIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_incentive(request: StaffRequest) -> HttpResponse:
    """The form for a new one; `?kind=quest` for a quest."""
    asked = request.GET.get("kind")
    kind = IncentiveKind.QUEST if asked == IncentiveKind.QUEST else IncentiveKind.BADGE
    return _answer(request, kind, None)


@allowed(CHANGE_INCENTIVES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_incentive(request: StaffRequest, code: str) -> HttpResponse:
    """The form for another version."""
    one = get_incentive_or_404(code, request.user, clock.now())
    return _answer(request, IncentiveKind(one.incentive.kind), one)


def _answer(request: StaffRequest, kind: IncentiveKind, one: ShownIncentive | None) -> HttpResponse:
    today = clock.day_of(clock.now())
    if request.method != "POST":
        form = IncentiveForm(kind, today, initial=initial_of(one.versions[0]) if one else {})
        steps = StepForms(initial=initial_steps(one.versions[0]) if one else [], prefix="steps")
        return _page(request, form, steps, one)
    form, steps = IncentiveForm(kind, today, request.POST), StepForms(request.POST, prefix="steps")
    if form.is_valid() and (kind == IncentiveKind.BADGE or steps.is_valid()):
        try:
            draft = _draft(form, steps, one)
            if "propose" in request.POST:
                return _propose(request, form, draft)
            return _page(request, form, steps, one, shown=_preview(request, draft))
        except BadRules as error:
            for mistake in error.mistakes:
                form.add_error(None, f"{mistake.path}: {error_text(mistake)}")
        except IncentiveRefused as error:
            form.add_error(None, error_text(error))
            for finding in error.findings:
                form.add_error(None, finding_text(finding))
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except AlreadyProposed as error:
            form.add_error(None, error_text(error))
    return _page(request, form, steps, one, status=422)


def _draft(form: IncentiveForm, steps: Any, one: ShownIncentive | None) -> Draft:
    """Raises BadRules where a rule is no JSON."""
    found = [each.step() for each in steps] if form.kind == IncentiveKind.QUEST else []
    programme = one.incentive.programme_id if one else Programme.objects.get(is_main=True).pk
    return form.draft(programme, [each for each in found if each is not None])


def _preview(request: StaffRequest, draft: Draft) -> dict[str, Any]:
    """Who would have it now; raises what content_of raises."""
    content = content_of(draft, request.user)
    found = would_have(content["rule"], clock.now())
    return {
        "found": found,
        "rule": rule_text(content["rule"]),
        "steps": [(name_of(step), rule_text(step["rule"]), step["rewarded"]) for step in content["steps"]],
        "stages": [(stage, found.by_stage.get(stage.value, 0)) for stage in Stage],
        "cost": found.members * draft.points,
    }


def _propose(request: StaffRequest, form: IncentiveForm, draft: Draft) -> HttpResponse:
    propose(
        draft,
        effective_on=form.cleaned_data["effective_on"],
        reason=form.cleaned_data["reason"],
        maker=request.user,
        now=clock.now(),
    )
    messages.success(request, _("Submitted for approval. Nothing changes until it is approved."))
    return HttpResponseRedirect(f"{reverse('incentives')}#requests")


def _page(
    request: StaffRequest,
    form: IncentiveForm,
    steps: Any,
    one: ShownIncentive | None,
    *,
    shown: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "step_forms": steps if form.kind == IncentiveKind.QUEST else None,
        "one": one,
        "kind": form.kind,
        "shown": shown,
        "has_programme": one is not None or Programme.objects.filter(is_main=True).exists(),
    }
    return render_page(request, "loyalty/incentives/change.html", context, status=status)
