"""The page on which a tier override is requested for a member."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.models import Staff
from crm.staff.permissions import SEE_REQUESTS, allowed, may
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, done, render_page
from members.loyalty.models import Tier
from members.loyalty.permissions import OVERRIDE_TIER
from members.loyalty.tiers import override
from members.loyalty.tiers.explain import explain
from members.loyalty.tiers.pages.forms import OverrideForm
from members.loyalty.tiers.sentences.explanation import explanation_sentences
from members.profiles.member_view import member_views

SHOWN = 5


@allowed(OVERRIDE_TIER)
@require_http_methods(["GET", "HEAD", "POST"])
def override_tier(request: StaffRequest, member_id: int) -> HttpResponse:
    """Ask for another tier of a member in the main programme, for a time."""
    now = clock.now()
    views = member_views([member_id], staff=request.user, fields=("name",))
    tiers = list(Tier.objects.filter(programme__is_main=True).order_by("rank"))
    if not views or not tiers:
        raise Http404
    form = OverrideForm(tiers, clock.day_of(now), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        tier = next(one for one in tiers if str(one.pk) == given["tier"])
        try:
            override.propose_override(
                member_id,
                tier,
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                reason=given["reason"],
                maker=request.user,
                now=now,
            )
        except ReasonMissing as error:
            form.add_error("reason", error_text(error))
        except (override.OverrideRefused, AlreadyProposed) as error:
            form.add_error(None, error_text(error))
        else:
            return done(
                request, views[0].page, _("Submitted for approval. Nothing changes until it is approved.")
            )
    found = explain(member_id, tiers[0].programme_id, now=now, with_history=False)
    context = {
        "view": views[0],
        "form": form,
        "sentences": explanation_sentences(found) if found else [],
        "requests": _requests(request.user, member_id, now),
    }
    return render_page(request, "loyalty/tiers/override.html", context, status=422 if form.errors else 200)


def _requests(staff: Staff, member_id: int, now: datetime) -> list[inbox.ShownRequest]:
    """The latest requests about this member's tier, for those who may see requests."""
    if not may(staff, SEE_REQUESTS):
        return []
    rows = inbox.visible(staff).filter(kind=override.KIND, proposal__member=member_id)
    return inbox.shown_all(rows.order_by("-made_at")[:SHOWN], staff, now)
