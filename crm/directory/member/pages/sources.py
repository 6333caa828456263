"""The switch beside a member's facts: whether this person sees where each of them came from."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from crm.staff.models import Staff
from crm.staff.permissions import allowed
from crm.web.responses import StaffRequest, next_address
from members.profiles.permissions import SEE_MEMBERS


@allowed(SEE_MEMBERS)
@require_POST
def show_sources(request: StaffRequest) -> HttpResponseRedirect:
    """Keep the choice with the account, on any device."""
    Staff.objects.filter(pk=request.user.pk).update(shows_sources=request.POST.get("shown") == "1")
    return HttpResponseRedirect(next_address(request, reverse("members")))
