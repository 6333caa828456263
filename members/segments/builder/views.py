"""The builder's steps and preview, for every page that has a builder, and the filter of the members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.responses import StaffRequest, render_page
from members.profiles.links import MEMBERS
from members.profiles.permissions import SEE_MEMBERS
from members.rules.catalogue.choices import choices_read_once
from members.segments.builder import builder as builders
from members.segments.builder.builder import Builder
from members.segments.builder.list_filters import in_rule
from members.segments.builder.preview.context import preview_context
from members.segments.permissions import MANAGE_SEGMENTS

CHANGED = "rule:changed"  # the event that the preview waits for


@allowed(SEE_MEMBERS)
@require_POST
@choices_read_once()
def step(request: StaffRequest) -> HttpResponse:
    """The form after a step, for htmx; without it the page that has the builder takes the step itself."""
    builder = builders.from_form(request.POST, request.user)
    context = {"builder": builder}
    response = render_page(request, "segments/builder/rules.html", context)
    return trigger_client_event(response, CHANGED, {}, after="settle") if builder.stepped else response


@allowed(SEE_MEMBERS)
@require_POST
@choices_read_once()
def preview_part(request: StaffRequest) -> HttpResponse:
    """Sentence, count and members of the form as it is, and the mistakes at their conditions."""
    builder = builders.from_form(request.POST, request.user)
    context = {"builder": builder, **preview_context(builder, clock.now()), "part": True}
    return render_page(request, "segments/builder/preview.html", context)


@allowed(SEE_MEMBERS)
@require_http_methods(["GET", "POST"])
@choices_read_once()
def filter_page(request: StaffRequest) -> HttpResponse:
    """The advanced filter of the list of members: `rule` in the address, applied by going back to the list.

    The filters of the list become part of this rule. Whatever else the address holds (search, order, view)
    goes back with it; a search is no part of the rule, nor of its preview, and the page says so.
    """
    if request.method == "GET":
        if changes := in_rule(request.GET.dict(), request.user):
            return HttpResponseRedirect(f"{request.path}?{_changed(request.GET, changes).urlencode()}")
        text = request.GET.get("rule", "")
        builder = builders.from_text(text, request.user) if text else Builder(request.user)
        return _filter(request, builder, {})
    builder = builders.from_form(request.POST, request.user)
    if not builder.stepped:
        if builder.is_valid and request.POST.get("save") and may(request.user, MANAGE_SEGMENTS):
            return HttpResponseRedirect(f"{reverse('segment-new')}?{urlencode({'rule': builder.json})}")
        if builder.is_complete:
            return HttpResponseRedirect(_list_address(request.GET, builder.json))
        builder.strict = True
    return _filter(request, builder, preview_context(builder, clock.now()))


def _filter(request: StaffRequest, builder: Builder, context: dict[str, Any]) -> HttpResponse:
    shown = {
        "title": _("Advanced filter"),
        "builder": builder,
        "members_address": _list_address(request.GET, request.GET.get("rule", "")),
        "clear_address": _list_address(request.GET, ""),
        "is_searched": bool(request.GET.get("q") or request.GET.get("find")),
        "actions": "segments/builder/filter_actions.html",
        "may_save": may(request.user, MANAGE_SEGMENTS),
        **context,
    }
    status = 422 if request.method == "POST" and builder.errors and not builder.stepped else 200
    return render_page(request, "segments/builder/filter.html", shown, status=status)


def _list_address(given: QueryDict, rule: str) -> str:
    parameters = _changed(given, {"rule": rule, "after": ""})
    return f"{MEMBERS.address() or reverse('builder-filter')}?{parameters.urlencode()}"


def _changed(given: QueryDict, changes: Mapping[str, str]) -> QueryDict:
    parameters = given.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value:
            parameters[name] = value
    return parameters
