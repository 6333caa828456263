"""Saved views of the list, and the choice of its columns: dialogs, or pages of their own without script."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.directory.list import saved_views
from crm.directory.list.pages.found_by import words_of
from crm.directory.list.request.columns import columns_for, columns_named
from crm.directory.list.request.quick_filters import QUICK_FILTERS
from crm.directory.models import SavedView
from crm.runtime import clock
from crm.staff.permissions import allowed
from crm.web.ids import id_or_none, parse_id
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done, refused, render_page, wants_part
from members.profiles.permissions import SEE_MEMBERS
from members.rules.catalogue.fields import Field


@allowed(SEE_MEMBERS)
@require_http_methods(["GET", "POST"])
def save_view(request: StaffRequest) -> HttpResponse:
    """Keep what the list's address asks under a name; the address is this page's own query."""
    query = saved_views.query_of(request.GET, request.user)
    mine = _mine(request, id_or_none(request.GET.get("view", "")))
    context: dict[str, Any] = {
        "title": _("Save view"),
        "name": request.POST.get("name", ""),
        "shared": "shared" in request.POST,
        "words": _filter_labels(query),
        "replaces": mine,
    }
    if request.method == "POST":
        try:
            view = saved_views.save(
                staff=request.user,
                name=context["name"],
                query=query,
                shared=context["shared"],
                view_id=mine.pk if mine and "replace" in request.POST else None,
            )
        except saved_views.CannotSave as error:
            return render_page(
                request, "directory/list/view_save.html", {**context, "error": str(error)}, status=422
            )
        return _to(request, saved_views.address(view, request.user))
    if mine:
        context |= {"name": mine.name, "shared": mine.shared}
    return render_page(request, "directory/list/view_save.html", context)


def _mine(request: StaffRequest, view_id: int | None) -> SavedView | None:
    views = saved_views.views_of(request.user)
    return next((view for view in views.own if view.pk == view_id), None)


def _filter_labels(query: dict[str, str]) -> list[str]:
    labels = [str(QUICK_FILTERS[name].label) for name in query if name in QUICK_FILTERS]
    return [*labels, _("Rule")] if "rule" in query else labels


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """On to another page: by redirect, or by htmx, which changes the whole page."""
    return (
        HttpResponse(headers={"HX-Redirect": address})
        if wants_part(request)
        else HttpResponseRedirect(address)
    )


@allowed(SEE_MEMBERS)
@require_GET
def views_page(request: StaffRequest) -> HttpResponse:
    """The own views, to be ordered, renamed, shared and deleted, and those of the team."""
    return render_page(request, "directory/list/views.html", _all(request), part="views")


def _all(request: StaffRequest) -> dict[str, object]:
    views = saved_views.views_of(request.user)
    begins = views.default.pk if views.default else None
    own = [(view, saved_views.address(view, request.user), view.pk == begins) for view in views.own]
    team = [(view, saved_views.address(view, request.user), view.pk == begins) for view in views.team]
    return {"own": own, "team": team, "begins": begins}


@allowed(SEE_MEMBERS)
@require_http_methods(["GET", "POST"])
def rename_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """Another name for a view of one's own, and whether the team sees it."""
    view = _mine(request, view_id)
    if view is None:
        raise Http404
    context: dict[str, Any] = {
        "title": _("Rename view"),
        "view": view,
        "name": view.name,
        "shared": view.shared,
    }
    if request.method == "POST":
        context |= {"name": request.POST.get("name", ""), "shared": "shared" in request.POST}
        try:
            saved_views.save(
                staff=request.user,
                name=context["name"],
                query=view.query,
                shared=context["shared"],
                view_id=view.pk,
            )
        except saved_views.CannotSave as error:
            return render_page(
                request, "directory/list/view_save.html", {**context, "error": str(error)}, status=422
            )
        return done(request, reverse("views"), _("Saved."), events=["views:changed"])
    return render_page(request, "directory/list/view_save.html", context)


@allowed(SEE_MEMBERS)
@require_POST
def move_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """One place up or down."""
    if _mine(request, view_id) is None:
        raise Http404
    saved_views.move(staff=request.user, view_id=view_id, up=request.POST.get("to") == "up")
    if wants_part(request):
        return render_page(request, "directory/list/views.html", _all(request), part="views")
    return HttpResponseRedirect(reverse("views"))


@allowed(SEE_MEMBERS)
@require_POST
def delete_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """Gone, unless taken back."""
    view = saved_views.delete(staff=request.user, view_id=view_id, now=clock.now())
    if view is None:
        raise Http404
    undo = Undo(reverse("view-restore", args=[view.pk]))
    words = _("“%(name)s” deleted.") % {"name": view.name}
    return done(request, reverse("views"), words, undo=undo, events=["views:changed"])


@allowed(SEE_MEMBERS)
@require_POST
def restore_view(request: StaffRequest, view_id: int) -> HttpResponse:
    """Take a deletion back."""
    try:
        view = saved_views.restore(staff=request.user, view_id=view_id)
    except SavedView.DoesNotExist as error:
        raise Http404 from error
    except saved_views.CannotSave as error:
        return refused(request, reverse("views"), str(error), events=["views:changed"])
    words = _("“%(name)s” restored.") % {"name": view.name}
    return done(request, reverse("views"), words, events=["views:changed"])


@allowed(SEE_MEMBERS)
@require_POST
def begin_with_view(request: StaffRequest) -> HttpResponse:
    """The view that the list opens with; none: all members."""
    asked = request.POST.get("view", "")
    try:
        saved_views.set_default(staff=request.user, view_id=parse_id(asked) if asked else None)
    except (ValueError, saved_views.CannotSave) as error:
        raise Http404 from error
    return done(request, reverse("views"), _("Set as the default view."), events=["views:changed"])


@allowed(SEE_MEMBERS)
@require_http_methods(["GET", "POST"])
def columns_page(request: StaffRequest) -> HttpResponse:
    """Which columns, in which order: kept with the open view of one's own, or for lists without a view."""
    staff = request.user
    mine = _mine(request, id_or_none(request.GET.get("view", "")))
    if request.method == "POST":
        names = _places(request.POST)
        saved_views.save_columns(staff=staff, names=names, view_id=mine.pk if mine else None)
        given = {
            name: value for name, value in request.GET.items() if name not in ("cols", "after") and value
        }
        given["cols"] = ",".join(names)
        return _to(request, f"{reverse('members')}?{urlencode(given)}")
    shown = request.GET.get("cols", "") or ",".join(saved_views.views_of(staff).columns)
    visible = columns_named(shown.split(","), staff)
    places = _column_groups(visible, columns_for(staff))
    return render_page(
        request, "directory/list/columns.html", {"title": _("Edit columns"), "places": places, "mine": mine}
    )


def _column_groups(visible: Sequence[Field], offered: Sequence[Field]) -> list[dict[str, Any]]:
    """The columns that are shown, in their order, then the others group by group, each with its place."""
    rest = [column for column in offered if column not in visible]
    groups = [(_("Shown"), [*visible])]
    for label in dict.fromkeys(column.group for column in rest):
        groups.append((str(label or _("Other")), [column for column in rest if column.group == label]))
    places = count(1)
    return [
        {
            "label": label,
            "columns": [(next(places), one, one in visible, words_of(one.name)) for one in columns],
        }
        for label, columns in groups
    ]


def _places(form: QueryDict) -> list[str]:
    """The ticked columns by the places given to them; what is no number keeps the order of the form."""

    def place(number: int, name: str) -> tuple[int, int]:
        text = form.get(f"place-{name}", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else number, number

    ticked = form.getlist("column")[:100]
    pairs = sorted((place(number, name), name) for number, name in enumerate(ticked, 1))
    return [name for _place, name in pairs]
