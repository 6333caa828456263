"""One member: the page with its tabs, the preview beside the list, the timeline, the reveal of a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from crm.directory.member import aum_curve, history, suitability
from crm.directory.member.holdings import holdings
from crm.directory.member.peek import preview
from crm.directory.member.profile import (
    Person,
    origin_of_record,
    preference_facts,
    read_person,
    record_facts,
)
from crm.directory.member.provenance import Origins
from crm.directory.member.relations import relations_of
from crm.directory.member.saving_plans import plans_of
from crm.directory.member.timeline import read_asked, read_timeline
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import REVEAL, allowed
from crm.web import formats
from crm.web.components import Text, tabs
from crm.web.responses import BadQuery, StaffRequest, answer, wants_part
from members.lifecycle.forecast.explain import explain
from members.lifecycle.sentences.explanation import ExplanationText
from members.profiles.field_labels import FIELD_LABELS
from members.profiles.masking import member_views
from members.profiles.models import Member
from members.profiles.permissions import SEE_MEMBERS
from members.profiles.reveal import ReasonMissing, UnknownField, reveal
from members.profiles.timeline.registry import kinds as timeline_kinds

DATED = ("aum", "idle_days")  # inputs whose value does not say its own day
OF_RECORD = ("known_at", "registered_at")  # inputs that the member's record says itself
LATEST_MOVES = 5
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("overview", gettext_lazy("Overview")),
    ("products", gettext_lazy("Products and suitability")),
    ("timeline", gettext_lazy("Timeline")),
    ("person", gettext_lazy("Profile and household")),
    ("history", gettext_lazy("History")),
)


@allowed(SEE_MEMBERS)
@require_GET
def member_page(request: StaffRequest, member_id: int) -> HttpResponse:
    """One member: who, which stage and why, what comes next, what is at risk; the rest behind tabs."""
    tab = request.GET.get("tab", "")
    if tab and tab not in dict(TABS):
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "tab"})
    if wants_part(request) and request.headers.get("HX-Target") == "curve":
        return _curve_part(request, member_id)
    return _member_page(request, member_id, tab=tab or TABS[0][0])


def _member_page(
    request: StaffRequest,
    member_id: int,
    *,
    tab: str,
    opened: dict[str, str] | None = None,
    status: int = 200,
) -> TemplateResponse:
    now = clock.now()
    person = read_person(member_id, request.user)
    address = reverse("member", args=[member_id])
    context = {
        "person": person,
        "now": now,
        "profile": suitability.profile_of(person.record, now),
        "tab": tab,
        "tabs": [replace(one, address=f"{address}{one.address}") for one in tabs(TABS, tab)],
        "opened": opened or {},
    }
    if person.standing and (tab == "overview" or not wants_part(request)):
        context["explanation"] = explanation = explain(member_id, now)
        context["sentences"] = ExplanationText(explanation)
    context |= _PANELS[tab](request, person, now)
    return answer(request, "directory/member/member.html", context, part="panel", status=status)


def _overview(request: StaffRequest, person: Person, now: datetime) -> dict[str, Any]:
    moves = history.moves_of(person.view.id, now)
    held = holdings(person.view.id, now)
    origins = Origins(request.user)
    return {
        "dated": DATED,
        "origins": _origins_of_inputs(person, origins),
        "moves": [move for move in moves if move.row.superseded_at is None][:LATEST_MOVES],
        "alarms": history.alarms_of(person.view.id, now, _assets(person), open_only=True),
        "above": suitability.above_class(person.record, held),
        **_curve(request, person.view.id, now, moves, origins),
    }


def _origins_of_inputs(person: Person, origins: Origins) -> dict[str, Text]:
    """Where what the stage follows from came from, by the input's name."""
    facts = {name: origins.of(import_id) for name, import_id in person.brought_by.items() if import_id}
    return {**facts, **dict.fromkeys(OF_RECORD, origin_of_record(person, origins))}


def _assets(person: Person) -> Decimal | None:
    return person.standing.aum if person.standing else None


def _curve(
    request: StaffRequest, member_id: int, now: datetime, moves: list[history.Move], origins: Origins
) -> dict[str, Any]:
    chosen = aum_curve.read_range(request.GET.get("range", ""))
    assets = aum_curve.assets_over_time(member_id, now, chosen.days)
    rows = [move.row for move in moves]
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
    context = _curve(request, member_id, now, history.moves_of(member_id, now), Origins(request.user))
    return answer(request, "directory/member/curve.html", context)


def _products(request: StaffRequest, person: Person, now: datetime) -> dict[str, Any]:
    held = holdings(person.view.id, now)
    verdicts = suitability.verdicts(person.record, held, request.user, now)
    above = {holding.product_id for holding in suitability.above_class(person.record, held)}
    outcome, number = request.GET.get("outcome", ""), request.GET.get("page", "")
    origins = Origins(request.user)
    return {
        "holdings": [
            (one, one.product_id in above, origins.of(one.import_id, source=", ".join(one.sources)))
            for one in held
            if one.is_held
        ],
        "sold": [one for one in held if not one.is_held],
        "above": above,
        "groups": suitability.by_outcome(verdicts, outcome, number),
        "plans": plans_of(person.view.id, origins, now),
        "assessed_by": origins.of(person.assessed_by),
        "preference": preference_facts(person, {verdict.code: verdict.category for verdict in verdicts}),
    }


def _timeline(request: StaffRequest, person: Person, now: datetime) -> dict[str, Any]:
    asked, after = read_asked(request.GET), request.GET.get("after", "")
    return {
        "member_id": person.view.id,
        "timeline": read_timeline(person.view.id, request.user, now, asked, after=after),
        "sources": timeline_kinds().items(),
        "after": after,
    }


def _person(request: StaffRequest, person: Person, now: datetime) -> dict[str, Any]:
    origin = origin_of_record(person, Origins(request.user))
    return {
        "origin": origin,
        "facts": record_facts(person, origin),
        "relations": relations_of(person.record, request.user),
        "keepers": history.keepers_of(person.view.id, request.user),
    }


def _history(request: StaffRequest, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "moves": history.moves_of(person.view.id, now),
        "alarms": history.alarms_of(person.view.id, now, _assets(person)),
        "assessments": history.assessments_of(person.view.id, Origins(request.user)),
    }


_PANELS: dict[str, Callable[[StaffRequest, Person, datetime], dict[str, Any]]] = {
    "overview": _overview,
    "products": _products,
    "timeline": _timeline,
    "person": _person,
    "history": _history,
}


@allowed(SEE_MEMBERS)
@require_GET
def peek_page(request: StaffRequest, member_id: int) -> HttpResponse:
    """The preview of one member: a panel beside the list, or a page of its own."""
    context = preview(member_id, request.user, clock.now())
    return answer(request, "directory/member/peek.html", {**context, "place": _row_of_list(request.GET)})


def _row_of_list(given: QueryDict) -> str:
    """The row of the list that the link here came from, as "2 of 40"."""
    at, of = given.get("at", ""), given.get("of", "")
    if not all(text.isascii() and text.isdigit() and len(text) < 10 for text in (at, of)):
        return ""
    return _("%(at)s of %(of)s") % {"at": formats.number(int(at)), "of": formats.number(int(of))}


@allowed(SEE_MEMBERS)
@require_GET
def timeline_part(request: StaffRequest, member_id: int) -> HttpResponse:
    """A page of the timeline for htmx; without htmx, the member page at that place of its timeline."""
    if not wants_part(request):
        query = request.GET.copy()
        query["tab"] = "timeline"
        return HttpResponseRedirect(f"{reverse('member', args=[member_id])}?{query.urlencode()}#timeline")
    if not member_views([member_id], staff=request.user, fields=()):
        raise Http404
    asked, after = read_asked(request.GET), request.GET.get("after", "")
    timeline = read_timeline(member_id, request.user, clock.now(), asked, after=after)
    context = {"member_id": member_id, "timeline": timeline, "sources": timeline_kinds().items()}
    return answer(request, "directory/member/timeline.html", context, part="rows" if after else "timeline")


@allowed(REVEAL)
@require_POST
def reveal_value(request: StaffRequest, member_id: int) -> HttpResponse:
    """Show one masked value for a reason, once: it is in this answer only and in no address."""
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        value = reveal(staff=request.user, member_id=member_id, field=field, reason=reason, now=clock.now())
    except ReasonMissing as error:
        opened, status = {"field": field, "error": error_text(error), "reason": reason}, 422
    except (UnknownField, Member.DoesNotExist) as error:
        raise Http404 from error
    else:
        opened, status = {"field": field, "value": value or _("no data")}, 200
    if wants_part(request):
        context = {"member_id": member_id, "opened": opened, "label": FIELD_LABELS[field]}
        return answer(request, "directory/member/reveal.html", context, part="opened", status=status)
    if status == 200:
        messages.info(request, _("Shown once and logged with your reason."))
    return _member_page(request, member_id, tab="person", opened=opened, status=status)
