"""The list of members."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.desk.members import ANY_WARNING, ORDER_LABELS, list_members, read_filters
from crm.staff.permissions import Action, allowed, may
from crm.web.answers import StaffRequest, answer, wants_part
from members.lifecycle.board import by_stage, counts
from members.lifecycle.models import Stage, SubState, WarningKind


@allowed(Action.SEE_MEMBERS)
@require_GET
def members_page(request: StaffRequest) -> HttpResponse:
    """The members one may see; with `after`, htmx gets the rows that follow, else the list anew."""
    filters = read_filters(request.GET)
    after = request.GET.get("after", "")
    page = list_members(filters, request.user, after)
    context = {"filters": filters, "page": page}
    if not (after and wants_part(request)):
        totals = by_stage(counts(request.user))
        context |= {
            "total": sum(totals.values()),
            "pills": [
                {"stage": name, "label": Stage(name).label, "count": count} for name, count in totals.items()
            ],
            "stages": Stage.choices,
            "sub_states": SubState.choices,
            "warnings": [(ANY_WARNING, _("Any warning")), *WarningKind.choices],
            "orders": ORDER_LABELS.items(),
            "may_search": may(request.user, Action.SEARCH_PEOPLE),
        }
    return answer(request, "desk/members.html", context, part="rows" if after else "list")
