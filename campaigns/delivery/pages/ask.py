"""May this member get this copy, and why (not)? The gate is asked, nothing is stored."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaigns.delivery.gate.decide import preview
from campaigns.delivery.models import Selection, Verdict
from campaigns.delivery.pages.shown import ShownVerdict, shown_verdict
from campaigns.delivery.permissions import SEE_OUTBOX
from campaigns.review.models import CopyState, CopyVersion
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import TooManySearches
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.web.ids import id_or_none
from crm.web.responses import StaffRequest, refused, render_page
from members.profiles.member_view import MemberView, member_views
from members.profiles.models import ContactChannel
from members.profiles.search import personal
from members.profiles.search.search_members import LONGEST, search_members

HITS = 8
EARLIER = 5  # verdicts
OFFERED = 200  # versions to choose from, the approved ones first
_NOT_WRITTEN = (CopyState.DRAFT, CopyState.CHECKED, CopyState.REJECTED)


@allowed(SEE_OUTBOX)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: StaffRequest) -> HttpResponse:
    """`?member=&version=`: the answer; with one of them, the other is chosen. A POST searches a member."""
    offered = _versions()
    version = _version(id_or_none(request.GET.get("version", "")), offered)
    if version and version not in offered:  # a draft of which its maker asks
        offered.insert(0, version)
    views = member_views(
        [one for one in [id_or_none(request.GET.get("member", ""))] if one], staff=request.user
    )
    if request.method == "POST":
        return _search(request, version, offered)
    return _show(request, views[0] if views else None, version, {"versions": offered})


def _show(
    request: StaffRequest, member: MemberView | None, version: CopyVersion | None, more: dict[str, Any]
) -> HttpResponse:
    now, staff = clock.now(), request.user
    selection = request.GET.get("selection", "")
    chosen = Selection(selection) if selection in Selection.values else Selection.GROUP
    context: dict[str, Any] = {
        "member": member,
        "version": version,
        "selections": Selection.choices,
        "selection": chosen.value,
        "needs_purpose": member is None and personal.needs_purpose(staff, now),
        "answer": None,
    }
    if member and version:
        shows_age = mask_level("birth_date", staff) is MaskLevel.PLAIN
        (told,) = preview([member.id], version, ContactChannel(version.channel), now, selection=chosen)
        context["answer"] = shown_verdict(told, shows_age=shows_age)
        context["earlier"] = _earlier(member.id, version.pk, shows_age)
    return render_page(request, "delivery/ask.html", context | more)


def _search(request: StaffRequest, version: CopyVersion | None, offered: list[CopyVersion]) -> HttpResponse:
    """The only member found is asked about at once."""
    text, now = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST], clock.now()
    back = reverse("gate-ask")
    if version:
        back += "?" + urlencode({"version": version.pk})
    if not text:
        return HttpResponseRedirect(back)
    try:
        found = personal.find(text, staff=request.user, purpose=request.POST.get("purpose", ""), now=now)
    except TooManySearches as error:
        return refused(request, back, error_text(error))
    if len(found.ids) == 1:
        chosen = {"member": found.ids[0]} | ({"version": version.pk} if version else {})
        return HttpResponseRedirect(f"{reverse('gate-ask')}?{urlencode(chosen)}")
    ids = search_members(text, request.user, limit=HITS, granted=found.granted) if found.ids else []
    hits = member_views(ids, staff=request.user)
    return _show(request, None, version, {"versions": offered, "asked": text, "hits": hits})


def _version(version_id: int | None, offered: list[CopyVersion]) -> CopyVersion | None:
    """One of those that are offered, or else the one in the tables."""
    if version_id is None:
        return None
    if known := [one for one in offered if one.pk == version_id]:
        return known[0]
    return CopyVersion.objects.select_related("copy__product").filter(pk=version_id).first()


def _versions() -> list[CopyVersion]:
    """What can be asked about: what was submitted at least, the approved ones first."""
    rows = CopyVersion.objects.exclude(state__in=_NOT_WRITTEN).select_related("copy__product")
    found = list(rows.order_by("-submitted_at", "-id")[:OFFERED])
    return sorted(found, key=lambda one: (not is_in_force(one), one.copy.local_name, one.channel))


def is_in_force(version: CopyVersion) -> bool:
    """Whether it is approved and has not lapsed on record; the gate looks more closely."""
    return version.state == CopyState.APPROVED and version.lapsed_at is None


def _earlier(member_id: int, version_id: int, shows_age: bool) -> list[ShownVerdict]:
    """The latest verdicts on record of this member and version. One query, by the member's key."""
    rows = Verdict.objects.filter(member=member_id, copy_version=version_id).order_by("-id")[:EARLIER]
    return [shown_verdict(one, shows_age=shows_age) for one in rows]
