"""Use of benefits by supplier and month, with an export."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed, may
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.downloads.table_files import table_file
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, refused, render_page
from members.lifecycle.pages.parse_periods import parse_month
from members.loyalty.benefits import reconcile
from members.loyalty.benefits.pages import use_file
from members.loyalty.permissions import RECONCILE_BENEFITS

SHOWN = 100  # rows of the page; a file has all


@allowed(RECONCILE_BENEFITS)
@require_GET
def reconcile_benefits(request: StaffRequest) -> HttpResponse:
    """Totals by supplier of a month, and its uses, of one supplier where the address names one."""
    today, supplier = clock.day_of(clock.now()), _supplier(request)
    month = parse_month(request.GET.get("month", ""), today)
    totals = reconcile.totals(month.first, month.following)
    lines = reconcile.lines(month.first, month.following, supplier, request.user, SHOWN + 1)
    context = {
        "month": month,
        "is_current": month.following > today,
        "supplier": supplier,
        "totals": totals,
        "uses": sum(total.uses for total in totals),
        "cost": sum((total.cost for total in totals), Decimal(0)),
        "lines": lines[:SHOWN],
        "has_more": len(lines) > SHOWN,
        "may_export": may(request.user, EXPORT),
    }
    return render_page(request, "loyalty/benefits/reconcile.html", context)


@allowed(RECONCILE_BENEFITS)
@require_POST
def export_uses(request: StaffRequest) -> HttpResponse | HttpResponseBase:
    """The uses of a month as a file, for a purpose that is logged."""
    now, supplier = clock.now(), _supplier(request)
    month = parse_month(request.GET.get("month", ""), clock.day_of(now))
    try:
        rows = use_file.export_uses(
            month.first,
            month.following,
            supplier,
            purpose=request.POST.get("purpose", ""),
            staff=request.user,
            now=now,
        )
    except ReasonMissing as error:
        return refused(
            request, f"{reverse('benefit-reconcile')}?{request.GET.urlencode()}", error_text(error)
        )
    return table_file(request, rows, f"benefits-{month.first:%Y-%m}")


def _supplier(request: StaffRequest) -> str | None:
    """The supplier in the address; None: all of them."""
    given = request.GET.get("supplier")
    return None if given is None else given.replace("\0", "")[:120]
