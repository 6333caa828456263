"""The members behind one number of the flows: whose tier changed from one to another in a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.models import Staff
from crm.staff.permissions import allowed
from crm.web.ids import id_or_none
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.pages.parse_periods import parse_month
from members.loyalty.models import Tier, TierChange
from members.loyalty.permissions import SEE_LOYALTY_OVERVIEW
from members.profiles.member_view import MemberView, member_views

# Uses index: tierchange_by_time
LATEST_FIRST = Order("effective_at", parse_instant, key="member_id", nulls=False)


@dataclass(frozen=True)
class ChangeRow:
    """A change of tier and its member as the reader may see them."""

    view: MemberView
    change: TierChange


@allowed(SEE_LOYALTY_OVERVIEW)
@require_GET
def tier_changes_page(request: StaffRequest) -> HttpResponse:
    """`?month=2026-11&from=tier&to=tier`: the changes in force, the latest first."""
    month = parse_month(request.GET.get("month", ""), clock.day_of(clock.now()))
    wanted = {name: id_or_none(request.GET.get(name, "")) for name in ("from", "to")}
    tiers = Tier.objects.in_bulk([pk for pk in wanted.values() if pk])
    left, to = tiers.get(wanted["from"] or 0), tiers.get(wanted["to"] or 0)
    if left is None or to is None:
        raise Http404
    rows = TierChange.objects.filter(
        programme=to.programme_id,
        from_tier=left,
        to_tier=to,
        superseded_at=None,
        effective_at__gte=month.start,
        effective_at__lt=month.end,
    )
    page = page_of(rows, LATEST_FIRST, request.GET.get("after", ""))
    context = {
        "page": Page(_shown(page.rows, request.user), page.next, page.first),
        "left": left,
        "to": to,
        "month": month,
    }
    return render_page(request, "loyalty/overview/tier_changes.html", context, part="rows")


def _shown(rows: Sequence[TierChange], staff: Staff) -> list[ChangeRow]:
    """The rows of a page, without members that this person may not see. One query."""
    views = {
        view.id: view for view in member_views([row.member_id for row in rows], staff=staff, fields=("name",))
    }
    return [ChangeRow(views[row.member_id], row) for row in rows if row.member_id in views]
