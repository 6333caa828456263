"""The list of members, and the list as a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.directory.list.export import export
from crm.directory.list.list_members import MemberPage, list_members
from crm.directory.list.pages.cells import table_rows
from crm.directory.list.pages.heads import table_heads
from crm.directory.list.pages.toolbar import query_string, toolbar
from crm.directory.list.request.mistakes import without_mistakes
from crm.directory.list.request.parse import BadFilter
from crm.directory.list.saved_views import address, query_of, views_of
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed, may
from crm.staff.privacy.access_log import ReasonMissing
from crm.web import formats
from crm.web.downloads.table_files import table_file
from crm.web.ids import BIGGEST
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, refused, render_page, wants_part
from members.profiles.permissions import ASSIGN_MEMBERS, SEE_MEMBERS
from members.rules.catalogue.choices import choices_read_once


@allowed(SEE_MEMBERS)
@require_GET
@choices_read_once()
def members_page(request: StaffRequest) -> HttpResponse:
    """The members that the reader may see; to htmx the next rows (`after`), or the list.

    What the list cannot be asked is left out: the page names it, and its form shows it as typed.
    """
    staff, views = request.user, views_of(request.user)
    if not request.GET and views.default:
        return HttpResponseRedirect(address(views.default, staff))
    rows_only = bool(request.GET.get("after")) and wants_part(request)
    read = partial(list_members, staff=staff, now=clock.now(), columns=views.columns, counted=not rows_only)
    typed, mistakes = dict[str, str](), dict[str, str]()
    try:
        page = read(request.GET)
    except BadFilter:
        typed, mistakes = _leave_out_mistakes(request)
        page = read(request.GET)
    context = {**_rows(request, page), "mistakes": list(dict.fromkeys(mistakes.values()))}
    if rows_only:
        return render_page(request, "directory/list/list.html", context, part="rows")
    context |= toolbar(request, page, views, typed)
    # A part is swapped in with 422, as a form that is to be corrected; a page keeps 400.
    status = (422 if "HX-Request" in request.headers else 400) if mistakes else 200
    response = render_page(request, "directory/list/list.html", context, part="list", status=status)
    if wants_part(request):
        response["HX-Push-Url"] = f"{reverse('members')}{query_string(request.GET)}"
    return response


def _leave_out_mistakes(request: StaffRequest) -> tuple[dict[str, str], dict[str, str]]:
    """What cannot be asked, as typed and in words, by parameter; all links go on from the rest."""
    asked = request.GET
    good, mistakes = without_mistakes(asked.dict(), request.user)
    if mistakes:
        request.GET = QueryDict(urlencode(good))
    return {name: asked[name] for name in mistakes}, mistakes


def _rows(request: StaffRequest, page: MemberPage) -> dict[str, Any]:
    columns, peek = page.request.columns, _peek_address(page)
    rows = ((row, peek(number, row.view.id)) for number, row in enumerate(page.rows, 1))
    may_assign = may(request.user, ASSIGN_MEMBERS)
    return {
        "page": page,
        "lines": table_rows(rows, columns, chosen=may_assign),
        "width": len(columns) + 2,
        "cut_words": _cut_words(page.cut) if page.cut else "",
        "may_assign": may_assign,
        "heads": table_heads(columns, page.request.sort, request.GET, request.user),
    }


def _cut_words(count: int) -> str:
    """That not all members of the order were looked at, and how many were."""
    words = ngettext(
        "%(count)s member checked here; the search continues further down the list.",
        "%(count)s members checked here; the search continues further down the list.",
        count,
    )
    return words % {"count": formats.number(count)}


def _peek_address(page: MemberPage) -> Callable[[int, int], str]:
    """The address of the preview of (row number, member); with "row of size" where the size is known."""
    before, after = reverse("peek", args=[BIGGEST]).split(str(BIGGEST))
    if page.size is None:
        return lambda number, member_id: f"{before}{member_id}{after}"
    return lambda number, member_id: f"{before}{member_id}{after}?at={page.before + number}&of={page.size}"


@allowed(EXPORT)
@require_POST
def export_members(request: StaffRequest) -> HttpResponse | HttpResponseBase:
    """The list of this address as a file, for a purpose that is logged: same members, columns and masks."""
    staff, now = request.user, clock.now()
    columns = [] if request.GET.get("cols") else views_of(staff).columns
    query, purpose = query_of(request.GET, staff), request.POST.get("purpose", "")
    try:
        rows = export(request.GET.dict(), columns, staff, now, query, purpose)
    except ReasonMissing as error:
        return refused(request, f"{reverse('members')}{query_string(request.GET)}", error_text(error))
    return table_file(request, rows, f"members-{clock.day_of(now)}")
