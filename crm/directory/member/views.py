"""One member: the page with its tabs, the preview beside the list, the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from crm.directory.complaints.read import complaints_of
from crm.directory.member import aum_curve, history, suitability
from crm.directory.member.explained import explained
from crm.directory.member.holdings import holdings
from crm.directory.member.peek import preview
from crm.directory.member.profile import (
    MemberProfile,
    origin_of_record,
    preference_facts,
    read_profile,
    record_facts,
)
from crm.directory.member.relations import relations_of
from crm.directory.member.savings_plans import plans_of
from crm.directory.member.timeline.fold import fold
from crm.directory.member.timeline.read import TimelineFilters, parse_filters, read_timeline
from crm.directory.provenance import Origins
from crm.runtime import clock
from crm.runtime.extension.registry import judge_at_start
from crm.staff.models import Role, Staff
from crm.staff.permissions import allowed, may
from crm.web import formats
from crm.web.components import Tab, Text, tabs
from crm.web.responses import BadQuery, StaffRequest, render_page, wants_part
from members.lifecycle.new_normal import has_fall
from members.lifecycle.permissions import RECORD_NEW_NORMAL
from members.lifecycle.sentences.explanation import silence_text
from members.portfolio.permissions import DECIDE_PURCHASES, VERIFY_STATUS
from members.portfolio.suitability.member_record import decisions_of, shown_statuses
from members.profiles.member_page import tabs as member_tabs
from members.profiles.member_view import member_views
from members.profiles.permissions import ASSIGN_MEMBERS, HANDLE_COMPLAINTS, SEE_MEMBERS
from members.profiles.timeline.registry import kinds as timeline_kinds

DATED = ("aum", "idle_days")  # inputs whose value does not contain its date
OF_RECORD = ("known_at", "registered_at")  # inputs from the member record itself
LATEST_CHANGES = 5
TRADES, LAST_TRADES = "transaction", 5


@allowed(SEE_MEMBERS)
@require_GET
def member_page(request: StaffRequest, member_id: int) -> HttpResponse:
    """One member: stage and reason, next expected change, risks; the rest in tabs."""
    tab = request.GET.get("tab", "")
    choices = tabs_of(request.user)
    if tab and tab not in choices:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "tab"})
    if wants_part(request) and request.headers.get("HX-Target") == "curve":
        return _curve_part(request, member_id)
    return render_member(request, member_id, tab=tab or next(iter(choices)))


def render_member(
    request: StaffRequest, member_id: int, *, tab: str, revealed: object = None, status: int = 200
) -> TemplateResponse:
    """The page of a member at a tab; `revealed` is a value of it that is shown this once."""
    now = clock.now()
    profile = read_profile(member_id, request.user, now)
    address = reverse("member", args=[member_id])
    choices = tabs_of(request.user)
    context = {
        "member": profile,
        "now": now,
        "risk_profile": suitability.risk_profile_of(profile.record, profile.highest_risk, now),
        "tab": tab,
        "tabs": _links(address, choices, tab),
        "panel_template": choices[tab].template,
        "complaints": profile.complaints,
        "member_id": member_id,
        "unusual_silence": silence_text(profile.silence) if profile.silence else "",
        "may_handle_complaints": may(request.user, HANDLE_COMPLAINTS),
        "revealed": revealed,
        "may_assign": may(request.user, ASSIGN_MEMBERS),
        "may_record_new_normal": (
            profile.standing and has_fall(profile.standing) and may(request.user, RECORD_NEW_NORMAL)
        ),
    }
    if profile.standing and (tab == "overview" or not wants_part(request)):
        context |= explained(member_id, getattr(profile.record, "evaluation_failure", None), now)
    context |= choices[tab].context(request, profile, now)
    return render_page(request, "directory/member/member.html", context, part="panel", status=status)


def _service(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
    trades = TimelineFilters(source=TRADES)
    return {"trades": read_timeline(profile.view.id, request.user, now, trades, size=LAST_TRADES)}


def _overview(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
    stage_changes = history.stage_changes_of(profile.view.id, now)
    held = holdings(profile.view.id, now)
    origins = Origins(request.user)
    return {
        "dated": DATED,
        "origins": _origins_of_inputs(profile, origins),
        "stage_changes": [change for change in stage_changes if change.row.superseded_at is None][
            :LATEST_CHANGES
        ],
        "warnings": history.explain_warnings(profile.warnings, now, _assets(profile)),
        "above_class": suitability.above_class(profile.record, held, now),
        **_curve(request, profile.view.id, now, stage_changes, origins),
    }


def _origins_of_inputs(profile: MemberProfile, origins: Origins) -> dict[str, Text]:
    """Where the inputs of the stage came from, by name of the input."""
    facts = {name: origins.of(import_id) for name, import_id in profile.brought_by.items() if import_id}
    return {**facts, **dict.fromkeys(OF_RECORD, origin_of_record(profile, origins))}


def _assets(profile: MemberProfile) -> Decimal | None:
    return profile.standing.aum if profile.standing else None


def _curve(
    request: StaffRequest,
    member_id: int,
    now: datetime,
    stage_changes: list[history.StageChange],
    origins: Origins,
) -> dict[str, Any]:
    chosen = aum_curve.parse_range(request.GET.get("range", ""))
    assets = aum_curve.assets_over_time(member_id, now, chosen.days)
    rows = [change.row for change in stage_changes]
    return {
        "range": chosen,
        "ranges": aum_curve.RANGES,
        "curve": aum_curve.draw(assets.points, rows),
        "valued_on": assets.valued_on,
        "valued_by": origins.of(assets.import_id),
        "member_id": member_id,
    }


def _curve_part(request: StaffRequest, member_id: int) -> TemplateResponse:
    if not member_views([member_id], staff=request.user, fields=()):
        raise Http404
    now = clock.now()
    context = _curve(request, member_id, now, history.stage_changes_of(member_id, now), Origins(request.user))
    return render_page(request, "directory/member/assets.html", context)


def _products(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
    held = holdings(profile.view.id, now)
    verdicts = suitability.verdicts(profile.record, held, request.user, now)
    above = {verdict.product_id for verdict in verdicts if verdict.held and verdict.is_above_class}
    outcome, number = request.GET.get("outcome", ""), request.GET.get("page", "")
    origins = Origins(request.user)
    return {
        "holdings": [
            (one, one.product_id in above, origins.of(one.import_id, source=", ".join(one.sources)))
            for one in held
            if one.is_held
        ],
        "past_holdings": [one for one in held if not one.is_held],
        "above_class": above,
        "groups": suitability.by_outcome(verdicts, outcome, number),
        "statuses": shown_statuses(profile.statuses, now),
        "may_verify": may(request.user, VERIFY_STATUS),
        "decisions": decisions_of(profile.view.id, request.user),
        "may_decide": may(request.user, DECIDE_PURCHASES),
        "plans": plans_of(profile.view.id, origins, now),
        "assessed_by": origins.of(profile.assessed_by),
        "preference": preference_facts(profile, {verdict.code: verdict.category for verdict in verdicts}),
    }


def _timeline(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
    return {**_days(request, profile.view.id, now), "after": request.GET.get("after", "")}


def _days(request: StaffRequest, member_id: int, now: datetime) -> dict[str, Any]:
    """A page of the timeline by day."""
    asked, after = parse_filters(request.GET), request.GET.get("after", "")
    timeline = read_timeline(member_id, request.user, now, asked, after=after, whole_days=True)
    return {
        "member_id": member_id,
        "timeline": timeline,
        "days": fold(timeline.rows),
        "sources": timeline_kinds().items(),
    }


def _person(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
    origin = origin_of_record(profile, Origins(request.user))
    return {
        "origin": origin,
        "facts": record_facts(profile, origin),
        "relations": relations_of(profile.record, request.user),
        "assignments": history.assignments_of(profile.view.id, request.user),
    }


def _history(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
    origins = Origins(request.user)
    return {
        "stage_changes": history.stage_changes_of(profile.view.id, now),
        "warnings": history.warnings_of(profile.view.id, now, _assets(profile)),
        "assessments": history.assessments_of(profile.view.id, origins),
        "past_complaints": complaints_of(profile.view.id, origins, request.user, now),
    }


@dataclass(frozen=True)
class Panel:
    """A section of the page: its place among the others, and what its template is given."""

    order: int
    label: str | Promise
    template: str
    context: Callable[[StaffRequest, MemberProfile, datetime], dict[str, Any]]


SERVICE = Panel(0, gettext_lazy("Service"), "directory/member/service.html", _service)
PANELS = {
    "overview": Panel(10, gettext_lazy("Overview"), "directory/member/overview.html", _overview),
    "products": Panel(
        20, gettext_lazy("Products and suitability"), "directory/member/products.html", _products
    ),
    "timeline": Panel(40, gettext_lazy("Timeline"), "directory/member/timeline_tab.html", _timeline),
    "person": Panel(50, gettext_lazy("Profile and household"), "directory/member/personal.html", _person),
    "history": Panel(60, gettext_lazy("History"), "directory/member/history.html", _history),
}


def tabs_of(staff: Staff) -> dict[str, Panel]:
    """The sections of the page for this person by key, the one it opens with first."""
    own = {"service": SERVICE, **PANELS} if staff.role == Role.CUSTOMER_SERVICE else PANELS
    panels = own | {tab.key: _registered(tab) for tab in member_tabs.tabs_for(staff)}
    return dict(sorted(panels.items(), key=lambda item: item[1].order))


def _registered(tab: member_tabs.Tab) -> Panel:
    """The section that another app has registered."""

    def context(request: StaffRequest, profile: MemberProfile, now: datetime) -> dict[str, Any]:
        return {"panel": tab.context(request, profile.view, now)}

    return Panel(tab.order, tab.label, tab.template, context)


def _links(address: str, panels: dict[str, Panel], current: str) -> list[Tab]:
    pairs = [(key, panel.label) for key, panel in panels.items()]
    return [replace(one, address=f"{address}{one.address}") for one in tabs(pairs, current)]


@judge_at_start
def _keys_taken() -> Iterator[str]:
    for key in {"service", *PANELS} & set(member_tabs.keys()):
        yield f"tab of the member page {key!r} is one of the page's own"


@allowed(SEE_MEMBERS)
@require_GET
def peek_page(request: StaffRequest, member_id: int) -> HttpResponse:
    """The preview of one member: a panel beside the list, or a page of its own."""
    context = preview(member_id, request.user, clock.now())
    return render_page(request, "directory/member/peek.html", {**context, "place": _row_of_list(request.GET)})


def _row_of_list(given: QueryDict) -> str:
    """The row of the list that the link here came from, as "2 of 40"."""
    at, of = given.get("at", ""), given.get("of", "")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in (at, of)):
        return ""
    return _("%(at)s of %(of)s") % {"at": formats.number(int(at)), "of": formats.number(int(of))}


@allowed(SEE_MEMBERS)
@require_GET
def timeline_part(request: StaffRequest, member_id: int) -> HttpResponse:
    """A page of the timeline for htmx; without htmx, the member page at its timeline."""
    if not wants_part(request):
        query = request.GET.copy()
        query["tab"] = "timeline"
        return HttpResponseRedirect(f"{reverse('member', args=[member_id])}?{query.urlencode()}#timeline")
    if not member_views([member_id], staff=request.user, fields=()):
        raise Http404
    context = _days(request, member_id, clock.now())
    part = "rows" if request.GET.get("after") else "timeline"
    return render_page(request, "directory/member/timeline.html", context, part=part)
