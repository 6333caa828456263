"""Home: what is mine today."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.desk import home
from crm.runtime import clock
from crm.staff.permissions import Action, allowed
from crm.web.answers import StaffRequest, answer
from members.lifecycle.board import by_stage, counts
from members.lifecycle.models import Stage


@allowed(Action.SEE_HOME)
@require_GET
def home_page(request: StaffRequest) -> HttpResponse:
    """What is mine today."""
    now = clock.now()
    totals = by_stage(counts(request.user))
    context = {
        "now": now,
        "stages": [(stage, Stage(stage).label, count) for stage, count in totals.items()],
        "warnings": home.latest_warnings(request.user),
        "moves": home.latest_moves(request.user, now),
    }
    return answer(request, "desk/home.html", context)
