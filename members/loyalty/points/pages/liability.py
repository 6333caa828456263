"""The liability from points by cohort of earning month."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from crm.staff.permissions import allowed
from crm.web import formats
from crm.web.responses import StaffRequest, render_page
from members.loyalty.main_programme import of_main_programme
from members.loyalty.models import Programme
from members.loyalty.permissions import SEE_LOYALTY_SETTINGS
from members.loyalty.points.reports.liability import cohorts

PRICE = Decimal("0.0001")  # to which the price of a point is shown


@allowed(SEE_LOYALTY_SETTINGS)
@require_GET
@of_main_programme
def liability_page(request: StaffRequest, programme: Programme) -> HttpResponse:
    """The cohorts of the main programme as of the last nightly run, with their sums."""
    found = cohorts(programme.pk)
    context = {
        "cohorts": found,
        "latest": found[0].row if found else None,
        "price": formats.full_money(found[0].row.value.quantize(PRICE)) if found else "",
        "outstanding": sum(one.row.outstanding for one in found),
        "deferred": sum((one.deferred for one in found), Decimal(0)),
        "recognised": sum((one.recognised for one in found), Decimal(0)),
        "liability": sum((one.liability for one in found), Decimal(0)),
    }
    return render_page(request, "loyalty/points/liability.html", context)
