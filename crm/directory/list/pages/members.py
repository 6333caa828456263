"""The list of members, a member at a glance, and the list as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.directory.list.cells import lines
from crm.directory.list.columns import Column, chosen
from crm.directory.list.export import export
from crm.directory.list.filter_choices import Facets, facets
from crm.directory.list.filters import ANY, FIELDS, NONE, Filters, read_filters
from crm.directory.list.rows import Listing, list_members, orders
from crm.directory.list.saved_views import Views, address, query_of, usable, views_of
from crm.directory.member.peek import glance
from crm.directory.models import SavedView
from crm.runtime import clock
from crm.staff.models import Staff
from crm.staff.permissions import allowed, may
from crm.web import csv, formats
from crm.web.permissions import EXPORT
from crm.web.responses import StaffRequest, answer, attachment, wants_part
from members.lifecycle.counts.stage_counts import by_stage, counts
from members.lifecycle.models import Stage, SubState, WarningKind
from members.profiles.models import RiskClass
from members.profiles.permissions import SEARCH_PEOPLE, SEE_MEMBERS
from members.profiles.visibility import sees_everybody

OF_THE_PAGE = ("view", "cols", "after")
EVERYBODY = "all"  # ?view=all: not the view one begins with
IN_SIGHT = ("stage", "warning", "manager")  # filters that stand open; the others are folded away


@allowed(SEE_MEMBERS)
@require_GET
def members_page(request: StaffRequest) -> HttpResponse:
    """The members one may see; with `after`, htmx gets the rows that follow, else the list anew."""
    staff, after = request.user, request.GET.get("after", "")
    filters = read_filters(request.GET, staff, OF_THE_PAGE)
    views = views_of(staff)
    names = request.GET["cols"].split(",") if request.GET.get("cols") else views.columns
    if after and wants_part(request):
        listing = list_members(filters, staff, clock.now(), after)
        return answer(
            request, "directory/list/list.html", _rows(request, listing, chosen(names, staff)), part="rows"
        )
    if not request.GET and views.followed:
        return HttpResponseRedirect(address(views.followed, staff))
    found = counts(staff)
    listing = list_members(filters, staff, clock.now(), after, found=found)
    context = _rows(request, listing, chosen(names, staff))
    context |= _frame(request, filters, views, facets(staff))
    context["size_words"] = _size_words(listing)
    context["total"] = sum(found.values())
    context["pills"] = [(name, Stage(name).label, count) for name, count in by_stage(found).items()]
    response = answer(request, "directory/list/list.html", context, part="list")
    if wants_part(request):
        response["HX-Push-Url"] = f"{reverse('members')}{_query(request.GET)}"
    return response


def _query(given: QueryDict, **changes: str) -> str:
    """The query string without what is empty, and without the place in the list."""
    asked: dict[str, Any] = {**given.dict(), **changes}
    kept = {name: value for name, value in asked.items() if value and name != "after"}
    query = QueryDict(mutable=True)
    query.update(kept)
    return f"?{query.urlencode()}" if kept else "?"


def _rows(request: StaffRequest, listing: Listing, columns: Sequence[Column]) -> dict[str, Any]:
    peek = _peek(listing)
    return {
        "page": listing,
        "lines": lines(
            ((row, peek(number, row.view.id)) for number, row in enumerate(listing.rows, 1)), columns
        ),
        "columns": columns,
        "width": len(columns) + 2,
        "sorted_by": request.GET.get("sort", ""),
        "heads": [
            (column, _query(request.GET, sort=column.sort) if column.sort else "") for column in columns
        ],
    }


def _peek(listing: Listing) -> Callable[[int, int], str]:
    """The address of the panel of (number of the row, member); with the place, where the size is known."""
    before, after = reverse("peek", args=[0]).split("0")
    if not _is_counted(listing):
        return lambda number, member_id: f"{before}{member_id}{after}"
    start, size = listing.before, listing.size
    return lambda number, member_id: f"{before}{member_id}{after}?at={start + number}&of={size}"


def _is_counted(listing: Listing) -> bool:
    return listing.size is not None and not listing.at_least


def _size_words(listing: Listing) -> str:
    """How many the list holds, where that is known."""
    if listing.size is None:
        return ""
    said = {"count": formats.number(listing.size)}
    if listing.at_least:
        return _("more than %(count)s") % said
    return ngettext("%(count)s member", "%(count)s members", listing.size) % said


def _frame(request: StaffRequest, filters: Filters, views: Views, offers: Facets) -> dict[str, Any]:
    """What stands around the rows: views, filters with their choices, what is in use."""
    staff = request.user
    current, left_out = _current(request.GET, filters, views, staff)
    given = _query(request.GET)
    return {
        "filters": filters,
        "left_out": left_out,
        "views": _links(views, current, request.GET, staff),
        "save_address": f"{reverse('view-save')}{given}",
        "columns_address": f"{reverse('columns')}{given}",
        "views_page": reverse("views"),
        "manager": str(filters.manager),
        "chosen_manager": offers.label("manager", str(filters.manager))
        if filters.manager not in ("", NONE)
        else "",
        "export_address": f"{reverse('members-export')}{given}" if may(staff, EXPORT) else "",
        "chips": _chips(request.GET, filters, offers),
        "clear_address": f"?view={EVERYBODY}" if filters.values or filters.text else "",
        "fields": {name: field for name, field in FIELDS.items() if field.offered_to(staff)},
        "more_open": any(name not in IN_SIGHT for name in filters.values),
        "offers": offers,
        "kept": [(name, request.GET[name]) for name in ("view", "cols", "stage") if request.GET.get(name)],
        "sub_states": SubState.choices,
        "warnings": [(ANY, _("With warnings")), *WarningKind.choices],
        "risks": [*RiskClass.choices, (NONE, _("not assessed"))],
        "orders": [(name, order.label) for name, order in orders(staff).items()],
        "may_search": may(staff, SEARCH_PEOPLE),
    }


def _current(
    given: QueryDict, filters: Filters, views: Views, staff: Staff
) -> tuple[SavedView | None, list[str]]:
    """The view that is open, and what of it or of the address was left out."""
    asked = given.get("view", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 18
    current = views.by_id(int(asked)) if known else None
    left_out = list(filters.left_out)
    if current:
        left_out += usable(current, staff)[1]
    elif asked not in ("", EVERYBODY):
        left_out.append("view")
    return current, sorted(set(left_out))


def _links(views: Views, current: SavedView | None, given: QueryDict, staff: Staff) -> list[dict[str, Any]]:
    asked = {name: value for name, value in given.items() if value and name not in ("view", "after")}
    everybody = _("All members") if sees_everybody(staff) else _("My members")
    links = [
        {
            "label": everybody,
            "address": f"{reverse('members')}?view={EVERYBODY}",
            "current": current is None,
            "changed": False,
        }
    ]
    for view in (*views.own, *views.team):
        is_current = view == current
        links.append(
            {
                "label": view.name,
                "address": address(view, staff),
                "current": is_current,
                "shared": view.owner_id != staff.pk,
                "changed": is_current and asked != usable(view, staff)[0],
            }
        )
    return links


def _chips(given: QueryDict, filters: Filters, offers: Facets) -> list[dict[str, str]]:
    chips = (
        [{"label": _("Search"), "value": filters.text, "address": _query(given, q="")}]
        if filters.text
        else []
    )
    for name, value in filters.values.items():
        words = (
            _("none")
            if name == "manager" and value == NONE
            else offers.label(name, FIELDS[name].words(value))
        )
        chips.append(
            {"label": str(FIELDS[name].label), "value": words, "address": _query(given, **{name: ""})}
        )
    return chips


@allowed(EXPORT)
@require_POST
def export_members(request: StaffRequest) -> StreamingHttpResponse:
    """The list of this address as a CSV file: the same members, columns and masks as on the page."""
    staff, now = request.user, clock.now()
    filters = read_filters(request.GET, staff, OF_THE_PAGE)
    names = request.GET["cols"].split(",") if request.GET.get("cols") else views_of(staff).columns
    rows = export(filters, chosen(names, staff), staff, now, query_of(request.GET, staff))
    return attachment(csv.encode(rows), f"members-{clock.day_of(now)}.csv", csv.CONTENT_TYPE)


@allowed(SEE_MEMBERS)
@require_GET
def peek_page(request: StaffRequest, member_id: int) -> HttpResponse:
    """One member at a glance: a panel beside the list, or a page of its own."""
    context = glance(member_id, request.user, clock.now())
    return answer(request, "directory/member/peek.html", {**context, "place": _place(request.GET)})


def _place(given: QueryDict) -> str:
    """Where in the list the member was, as the link that led here says."""
    at, of = given.get("at", ""), given.get("of", "")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in (at, of)):
        return ""
    return _("%(at)s of %(of)s") % {"at": formats.number(int(at)), "of": formats.number(int(of))}
