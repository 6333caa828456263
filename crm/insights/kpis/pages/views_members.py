"""The page of the members behind a figure."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from crm.insights.kpis.list_members import PARTS, members_behind
from crm.insights.kpis.registry import BY_CODE
from crm.insights.kpis.values import scope_of
from crm.insights.models import KpiValue, Scope, Span
from crm.insights.permissions import SEE_OVERVIEW
from crm.runtime import clock
from crm.staff.models import Role, Staff
from crm.staff.permissions import allowed
from crm.web.ids import id_or_none
from crm.web.lists.paging import Page
from crm.web.lists.tokens import parse_integer, read_token, write_token
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.models import Standing
from members.lifecycle.pages.parse_periods import parse_month
from members.profiles.member_view import MemberView, member_views
from members.profiles.models import Book
from members.profiles.visibility import sees_everybody


@dataclass(frozen=True)
class MemberRow:
    """A member behind a figure, with the stage, assets and manager of now."""

    view: MemberView
    standing: Standing | None
    manager: str


@allowed(SEE_OVERVIEW)
@require_GET
def kpi_members_page(request: StaffRequest, code: str, part: str) -> HttpResponse:
    """The members of a KPI's numerator or denominator in a month whom the reader may see."""
    kpi = BY_CODE.get(code)
    scope, scope_id = scope_of(request.user)
    if kpi is None or part not in PARTS or not kpi.lists(part) or not kpi.has(scope):
        raise Http404(code)
    month = parse_month(request.GET.get("month", ""), clock.day_of(clock.now()))
    channel = id_or_none(request.GET.get("channel", ""))
    if channel and kpi.has(Scope.CHANNEL):
        if not sees_everybody(request.user):  # the figure of a channel is of all its members
            raise Http404(code)
        scope, scope_id = Scope.CHANNEL, channel
    row = KpiValue.objects.filter(
        kpi=code, month=month.first, span=Span.MONTH, scope=scope, scope_id=scope_id
    ).first()
    after = request.GET.get("after", "")
    (last,) = read_token(after, parse_integer) if after else (0,)
    rows: list[MemberRow] = []
    following = ""
    if row:
        found = members_behind(
            kpi, part, last_day=row.through, staff=request.user, after=last or 0, channel=channel
        )
        rows = _rows(list(found.member_ids), request.user)
        following = write_token(found.after) if found.after else ""
    context = {
        "kpi": kpi,
        "part": part,
        "words": kpi.numerator if part == "numerator" else kpi.denominator,
        "month": month,
        "row": row,
        "page": Page(rows, following, not after),
        "own_book": request.user.role == Role.RELATIONSHIP_MANAGER,
    }
    return render_page(request, "insights/kpis/members.html", context, part="rows")


def _rows(member_ids: list[int], staff: Staff) -> list[MemberRow]:
    """Three queries."""
    views = member_views(member_ids, staff=staff, fields=("name",))
    standings = Standing.objects.in_bulk(member_ids)
    managers = dict(
        Book.objects.filter(member__in=member_ids, ended_at=None).values_list(
            "member_id", "staff__display_name"
        )
    )
    return [MemberRow(view, standings.get(view.id), managers.get(view.id, "")) for view in views]
