"""Assign members: a dialog, or a page of its own without script; previewed first, then done."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from crm.directory.assignment.preview import Preview, preview
from crm.directory.list.list_members import matching_ids
from crm.directory.list.pages.toolbar import query_string
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.models import SHORTEST_REASON, Staff
from crm.staff.permissions import allowed
from crm.web import formats
from crm.web.ids import id_or_none, parse_id
from crm.web.lists.tokens import parse_instant
from crm.web.notices import Notice, Undo, keep
from crm.web.responses import BadQuery, StaffRequest, done, refused, render_page, wants_part
from members.profiles.book import Assignment, CannotAssign, assign, assignable_managers, undo
from members.profiles.permissions import ASSIGN_MEMBERS

MOST = 500  # members assigned at once
_SEPARATORS = re.compile(r"[\s,;#，；、]+")  # noqa: RUF001 - as people type lists in Chinese
_TEMPLATE = "directory/assignment/assign.html"


@allowed(ASSIGN_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def assign_members(request: StaffRequest) -> HttpResponse:
    """Choose a manager and write a note, see what changes, then assign: each step is the form of the next.

    The members are those ticked (`member`), listed (`members`) or all of the list's address (`all`).
    """
    given = request.POST if request.method == "POST" else request.GET
    ids, error = _chosen(request, given)
    found = preview(ids, request.user) if ids else None
    if found and not found.member_ids:
        error = _("You cannot assign any of these members.")
    context: dict[str, Any] = {
        "title": _("Assign members"),
        "managers": list(assignable_managers(request.user)),
        "manager_id": id_or_none(given.get("manager", "")),
        "note": given.get("note", ""),
        "typed": given.get("members", "") if error else "",
        "preview": None if error else found,
        "action": reverse("assign-members") + query_string(request.GET, member=""),
        "error": error,
    }
    # An address may fill in the form, but what is done comes from the form alone, with its token.
    if error or not found or "step" not in request.POST:
        return render_page(request, _TEMPLATE, context, status=422 if error else 200)
    return _next_step(request, given, found, context)


def _chosen(request: StaffRequest, given: QueryDict) -> tuple[list[int], str]:
    """The ids of the chosen members, and what is wrong with the choice."""
    if "all" in given:
        found = matching_ids(request.GET.dict(), request.user, clock.now(), MOST)
        if found is None:
            return [], _too_many()
        return found, "" if found else _("No members match these filters.")
    parts = [*given.getlist("member"), *_SEPARATORS.split(given.get("members", ""))]
    words = [part for part in parts if part]
    ids = list(dict.fromkeys(one for one in map(id_or_none, words) if one is not None))
    if unread := next((word for word in words if id_or_none(word) is None), None):
        return [], _("“%(text)s” is not a member number.") % {"text": unread[:40]}
    if len(ids) > MOST:
        return [], _too_many()
    if not ids and request.method == "POST":
        return [], _("Select at least one member.")
    return ids, ""


def _too_many() -> str:
    words = _("At most %(most)s members can be assigned at once. Narrow the filters.")
    return words % {"most": formats.number(MOST)}


def _next_step(
    request: StaffRequest, given: QueryDict, found: Preview, context: dict[str, Any]
) -> HttpResponse:
    """Assign what was previewed; else preview it, or say what is missing."""
    manager = next((one for one in context["managers"] if one.pk == context["manager_id"]), None)
    note, step = context["note"].strip(), given["step"]
    if step == "edit":
        return render_page(request, _TEMPLATE, context)
    if manager is None:
        return _refused(request, context, _("Choose a relationship manager."))
    if len(note) < SHORTEST_REASON:
        words = _("Enter a note of at least %(count)d characters.") % {"count": SHORTEST_REASON}
        return _refused(request, context, words)
    if step == "assign":
        now, version = clock.now(), given.get("version") or "none"
        try:
            made = assign(
                member_ids=found.member_ids,
                staff=manager,
                reason=note,
                now=now,
                by=request.user,
                version=version,
            )
        except CannotAssign as error:
            return _refused(request, context, error_text(error))
        return _assigned(request, made, manager, found, now)
    moving, kept = found.moving(manager.pk), found.kept(manager.pk)
    context |= {"manager": manager, "moving": moving, "kept": kept}
    context["moving_members"] = len(found.member_ids) - kept
    return render_page(request, _TEMPLATE, context)


def _refused(request: StaffRequest, context: dict[str, Any], words: str) -> HttpResponse:
    """The form again, with what is wrong with it and the books as they are now."""
    return render_page(request, _TEMPLATE, {**context, "error": words}, status=422)


def _assigned(
    request: StaffRequest, made: Assignment, manager: Staff, found: Preview, now: datetime
) -> HttpResponse:
    """Say what was done; the list reads itself again, the page of one member is loaded again."""
    count = made.moved + made.new
    words = ngettext(
        "%(count)s member assigned to %(name)s.", "%(count)s members assigned to %(name)s.", count
    ) % {"count": formats.number(count), "name": manager}
    fields = {"manager": str(manager.pk), "at": now.isoformat(), "count": str(count)}
    way_back = Undo(reverse("assign-undo"), fields) if count else None
    if request.GET.get("back") == "member" and len(found.member_ids) == 1:
        back = reverse("member", args=found.member_ids)
        if wants_part(request):
            keep(request, Notice(words, undo=way_back))
            return HttpResponse(status=204, headers={"HX-Redirect": back})
        return done(request, back, words, undo=way_back)
    back = reverse("members") + query_string(request.GET)
    return done(request, back, words, undo=way_back, events=["members:changed"])


@allowed(ASSIGN_MEMBERS)
@require_POST
def undo_assignment(request: StaffRequest) -> HttpResponse:
    """Give the members of an assignment of one's own back to whom they came from."""
    given, back = request.POST, reverse("members")
    try:
        manager, count = parse_id(given.get("manager", "")), parse_id(given.get("count", ""))
        at = parse_instant(given.get("at", ""))
    except ValueError as error:
        raise BadQuery(_("This link is not valid. Start again from the first page.")) from error
    try:
        undone = undo(
            staff_id=manager, at=at, count=count, reason=_("Undone"), by=request.user, now=clock.now()
        )
    except CannotAssign as error:
        return refused(request, back, error_text(error), events=["members:changed"])
    words = ngettext(
        "Assignment undone: %(count)s member returned to the previous manager.",
        "Assignment undone: %(count)s members returned to their previous managers.",
        undone,
    )
    return done(request, back, words % {"count": formats.number(undone)}, events=["members:changed"])
