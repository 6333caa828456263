"""The greetings of the members one sees."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, render_page
from members.profiles.member_view import member_views
from members.profiles.models import Member
from tests.extension.greetings.models import Greeting
from tests.extension.greetings.permissions import GREET

SHOWN = 20


@allowed(GREET)
@require_GET
def greetings_page(request: StaffRequest) -> HttpResponse:
    seen = Member.objects.visible_to(request.user)
    latest = Greeting.objects.filter(member__in=seen).select_related("occasion").order_by("-at")[:SHOWN]
    views = {
        view.id: view
        for view in member_views([row.member_id for row in latest], staff=request.user, fields=("name",))
    }
    rows = [(views[row.member_id], row) for row in latest]
    return render_page(request, "greetings/greetings.html", {"rows": rows})
