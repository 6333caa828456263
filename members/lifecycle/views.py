"""The policy's page: what is in force, what was, and what is proposed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.permissions import Action, allowed
from crm.web.answers import answer
from members.lifecycle.evaluate import policy_at
from members.lifecycle.models import Policy
from members.lifecycle.thresholds import THRESHOLDS

VERSIONS = 6


@allowed(Action.SEE_POLICY)
@require_GET
def policy_page(request: HttpRequest) -> HttpResponse:
    """The thresholds in force beside those of the versions before."""
    now = clock.now()
    versions = list(Policy.objects.order_by("-effective_from", "-version")[:VERSIONS])
    rows = [
        (threshold.label, [threshold.in_words(getattr(policy, threshold.field)) for policy in versions])
        for threshold in THRESHOLDS
    ]
    context = {"current": policy_at(now), "now": now, "versions": versions, "rows": rows}
    return answer(request, "lifecycle/policy.html", context)
