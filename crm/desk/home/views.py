"""Home: what is mine today."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.desk import home
from crm.desk.permissions import SEE_HOME
from crm.runtime import clock
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, answer


@allowed(SEE_HOME)
@require_GET
def home_page(request: StaffRequest) -> HttpResponse:
    """What is mine today, and what changed."""
    now = clock.now()
    today = home.today(request.user, now)
    blocks = sorted(today.blocks, key=lambda block: block.is_empty)  # those with something in them first
    return answer(request, "desk/home/home.html", {"now": now, "today": today, "blocks": blocks})
