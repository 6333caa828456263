"""The benefit desk: find a member, see what is left of each benefit, record a use, undo it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.runtime.text.fields import NormalTextField
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing, TooManySearches
from crm.web.ids import IdField, id_or_none
from crm.web.notices import Undo
from crm.web.responses import StaffRequest, done_and_reload, refused, render_page
from members.loyalty.benefits.quota import grant, use
from members.loyalty.benefits.quota.overview import benefits_of
from members.loyalty.permissions import RECORD_BENEFITS
from members.profiles.member_view import MemberView, member_views
from members.profiles.search import personal
from members.profiles.search.search_members import LONGEST, search_members

HITS = 8


class _UseForm(forms.Form):
    """A use. `key` tells one form from another, so that one sent twice records one use."""

    benefit = IdField()
    key = forms.RegexField(r"\A[0-9a-f]{32}\Z")
    reference = NormalTextField(required=False, max_length=80)
    used_on = forms.DateField(required=False)

    def at(self, now: datetime) -> datetime | None:
        """The instant that counts: None (now) for today, else the beginning of the day."""
        day = self.cleaned_data["used_on"]
        return None if day in (None, clock.day_of(now)) else clock.day_start(day)


@allowed(RECORD_BENEFITS)
@require_http_methods(["GET", "HEAD", "POST"])
def benefit_desk(request: StaffRequest) -> HttpResponse:
    """Find a member; the only one found is opened."""
    text, now = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST], clock.now()
    context = {"asked": text, "needs_purpose": personal.needs_purpose(request.user, now)}
    if not text:
        return render_page(request, "loyalty/benefits/desk.html", context)
    try:
        found = personal.find(text, staff=request.user, purpose=request.POST.get("purpose", ""), now=now)
    except TooManySearches as error:
        return refused(request, reverse("benefit-desk"), error_text(error))
    if len(found.ids) == 1:
        return HttpResponseRedirect(reverse("benefit-desk-member", args=found.ids))
    ids = search_members(text, request.user, limit=HITS, granted=found.granted) if found.ids else []
    context["hits"] = member_views(ids, staff=request.user)
    return render_page(request, "loyalty/benefits/desk.html", context)


@allowed(RECORD_BENEFITS)
@require_GET
def member_desk(request: StaffRequest, member_id: int) -> HttpResponse:
    """One member's benefits with what is left of each."""
    now, member = clock.now(), _member_or_404(request, member_id)
    context = {
        "member": member,
        "shown": benefits_of(member_id, now),
        "form_key": uuid4().hex,
        "today": clock.day_of(now),
        "earliest": clock.day_of(now - use.RECORDED_WITHIN) + timedelta(days=1),
        "needs_purpose": personal.needs_purpose(request.user, now),
    }
    return render_page(request, "loyalty/benefits/member_desk.html", context)


@allowed(RECORD_BENEFITS)
@require_POST
def record_use(request: StaffRequest, member_id: int) -> HttpResponse:
    """Record a use; can be undone."""
    _member_or_404(request, member_id)
    back, now, form = reverse("benefit-desk-member", args=[member_id]), clock.now(), _UseForm(request.POST)
    if not form.is_valid():
        return refused(request, back, _("Nothing was recorded. Check the date and reference."))
    try:
        made = use.record(
            member_id=member_id,
            benefit_id=form.cleaned_data["benefit"],
            key=f"desk {form.cleaned_data['key']} {form.cleaned_data['benefit']}",
            at=form.at(now),
            reference=form.cleaned_data["reference"],
            staff=request.user,
            now=now,
        )
    except use.UseRefused as error:
        return refused(request, back, error_text(error))
    undo = Undo(reverse("benefit-undo", args=[member_id]), {"use": str(made.id)})
    words = _("Recorded: %(benefit)s.") % {"benefit": made.version.local_name}
    return done_and_reload(request, back, words, undo=undo)


@allowed(RECORD_BENEFITS)
@require_POST
def undo_use(request: StaffRequest, member_id: int) -> HttpResponse:
    """Undo a use within a day."""
    _member_or_404(request, member_id)
    back = reverse("benefit-desk-member", args=[member_id])
    use_id = id_or_none(request.POST.get("use", ""))
    if use_id is None:
        raise Http404
    try:
        use.undo(member_id=member_id, use_id=use_id, staff=request.user, now=clock.now())
    except use.UseRefused as error:
        return refused(request, back, error_text(error))
    return done_and_reload(request, back, _("Use undone. The quota is available again."))


@allowed(RECORD_BENEFITS)
@require_POST
def request_grant(request: StaffRequest, member_id: int) -> HttpResponse:
    """Ask for a benefit above the cost limit."""
    _member_or_404(request, member_id)
    back, now = reverse("benefit-desk-member", args=[member_id]), clock.now()
    benefit_id = id_or_none(request.POST.get("benefit", ""))
    if benefit_id is None:
        raise Http404
    try:
        grant.propose(
            member_id=member_id,
            benefit_id=benefit_id,
            reason=request.POST.get("reason", ""),
            maker=request.user,
            now=now,
        )
    except (use.UseRefused, AlreadyProposed, ReasonMissing) as error:
        return refused(request, back, error_text(error))
    return done_and_reload(request, back, _("Submitted for approval. The benefit is granted once approved."))


def _member_or_404(request: StaffRequest, member_id: int) -> MemberView:
    """The member as the reader may see it. One query."""
    found = member_views([member_id], staff=request.user)
    if not found:
        raise Http404
    return found[0]
