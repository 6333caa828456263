"""Pages of the import: the files that came in, and what could not be taken of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from crm.intake.models import ImportRun, Reject
from crm.staff.permissions import Action, allowed
from crm.web.answers import answer
from crm.web.paging import Order, instant, page_of, whole

NEWEST_FIRST = Order("started_at", instant, nulls=False)
BY_LINE = Order("line", whole, descending=False, nulls=False)


@allowed(Action.IMPORT)
@require_GET
def imports_page(request: HttpRequest) -> HttpResponse:
    """The files that came in."""
    page = page_of(ImportRun.objects.all(), NEWEST_FIRST, request.GET.get("after", ""))
    return answer(request, "intake/runs.html", {"page": page}, part="rows")


@allowed(Action.IMPORT)
@require_GET
def import_run_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """One file, and its rows that could not be taken (values masked when they were kept)."""
    run = get_object_or_404(ImportRun, pk=run_id)
    rejects = Reject.objects.filter(run=run).defer("row")
    page = page_of(rejects, BY_LINE, request.GET.get("after", ""))
    return answer(request, "intake/run.html", {"run": run, "page": page}, part="rows")
