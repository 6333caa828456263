"""One member: the page, its timeline, and the reveal of a masked value."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.desk import curve
from crm.desk.holdings import holdings
from crm.desk.person import LABELS, moves_of, read_person
from crm.desk.timeline import SOURCES, read_timeline
from crm.runtime import clock
from crm.staff.permissions import Action, allowed
from crm.web.answers import StaffRequest, answer, wants_part
from members.lifecycle.explain import explain
from members.lifecycle.words import why_moved
from members.profiles.masking import present
from members.profiles.models import Member
from members.profiles.reveal import ReasonMissing, UnknownField, reveal

DATED = ("aum", "idle_days")  # inputs whose value does not say its own day


@allowed(Action.SEE_MEMBERS)
@require_GET
def member_page(request: StaffRequest, member_id: int) -> HttpResponse:
    """One member: stage with its reasons, assets, products, everything that happened."""
    return _member_page(request, member_id)


def _member_page(
    request: StaffRequest, member_id: int, *, opened: dict[str, str] | None = None, status: int = 200
) -> TemplateResponse:
    now = clock.now()
    person = read_person(member_id, request.user)
    moves = moves_of(member_id)
    points = curve.assets_over_time(member_id, now)
    source, after = request.GET.get("source", ""), request.GET.get("after", "")
    context = {
        "person": person,
        "now": now,
        "explanation": explain(member_id, now) if person.standing else None,
        "dated": DATED,
        "moves": [(move, why_moved(move)) for move in moves],
        "points": points[::-1],
        "curve": curve.draw(points, moves),
        "holdings": holdings(member_id, now),
        "timeline": read_timeline(member_id, request.user, now, source=source, after=after),
        "sources": SOURCES.items(),
        "opened": opened or {},
    }
    return answer(request, "desk/member.html", context, status=status)


@allowed(Action.SEE_MEMBERS)
@require_GET
def timeline_part(request: StaffRequest, member_id: int) -> HttpResponse:
    """A page of the timeline for htmx; without htmx, the member page at that place of its timeline."""
    if not wants_part(request):
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"{reverse('member', args=[member_id])}?{query}#timeline")
    if not present([member_id], staff=request.user, fields=()):
        raise Http404
    source, after = request.GET.get("source", ""), request.GET.get("after", "")
    timeline = read_timeline(member_id, request.user, clock.now(), source=source, after=after)
    part = "rows" if after else "timeline"
    context = {"member_id": member_id, "timeline": timeline, "sources": SOURCES.items()}
    return answer(request, "desk/timeline.html", context, part=part)


@allowed(Action.REVEAL)
@require_POST
def reveal_value(request: StaffRequest, member_id: int) -> HttpResponse:
    """Show one masked value for a reason, once: it is in this answer only and in no address."""
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        value = reveal(staff=request.user, member_id=member_id, field=field, reason=reason, now=clock.now())
    except ReasonMissing as error:
        opened, status = {"field": field, "error": str(error), "reason": reason}, 422
    except (UnknownField, Member.DoesNotExist) as error:
        raise Http404 from error
    else:
        opened, status = {"field": field, "value": value or _("nothing on record")}, 200
    if wants_part(request):
        context = {"member_id": member_id, "opened": opened, "label": LABELS[field]}
        return answer(request, "desk/reveal.html", context, part="opened", status=status)
    if status == 200:
        messages.info(request, _("Shown once, and recorded with your reason."))
    return _member_page(request, member_id, opened=opened, status=status)
