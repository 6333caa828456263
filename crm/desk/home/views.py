"""The home page."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.desk.home.home import home_of
from crm.desk.permissions import SEE_HOME
from crm.runtime import clock
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, render_page


@allowed(SEE_HOME)
@require_GET
def home_page(request: StaffRequest) -> HttpResponse:
    """Home of the reader; blocks with rows come first. `?calls=all` shows every call that was read."""
    now = clock.now()
    home = home_of(request.user, now)
    context = {
        "now": now,
        "today": home,
        "blocks": sorted(home.blocks, key=lambda block: block.is_empty),
        "all_calls": request.GET.get("calls") == "all",
    }
    return render_page(request, "desk/home/home.html", context)
