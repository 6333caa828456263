"""What staff do about a member's risk questionnaire: ask for a link to be sent, withdraw an assessment."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import allowed
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, done_and_reload, refused
from members.profiles.member_view import member_views
from members.profiles.models import WithdrawalReason
from members.profiles.permissions import REQUEST_ASSESSMENT, WITHDRAW_ASSESSMENT
from members.profiles.questionnaires.links import LinkRefused, request_link
from members.profiles.questionnaires.pages.member_tab import KEY
from members.profiles.questionnaires.withdraw import WithdrawalRefused, withdraw


@allowed(REQUEST_ASSESSMENT)
@require_POST
def send_link(request: StaffRequest, member_id: int) -> HttpResponse:
    """Have a link sent to the member; whoever asks does not see it."""
    back = _tab_of(request, member_id)
    try:
        request_link(member_id=member_id, by=request.user, now=clock.now())
    except LinkRefused as error:
        return refused(request, back, error_text(error))
    words = _("The member gets a link to the questionnaire, good for 7 days and one set of answers.")
    return done_and_reload(request, back, words)


@allowed(WITHDRAW_ASSESSMENT)
@require_POST
def withdraw_assessment(request: StaffRequest, member_id: int) -> HttpResponse:
    """End the member's assessment after a material change of facts."""
    back, reason = _tab_of(request, member_id), request.POST.get("reason", "")
    if reason not in WithdrawalReason.values:
        return refused(request, back, _("Choose what has changed."))
    try:
        withdraw(
            member_id=member_id,
            reason=WithdrawalReason(reason),
            words=request.POST.get("words", ""),
            by=request.user,
            now=clock.now(),
        )
    except (WithdrawalRefused, ReasonMissing) as error:
        return refused(request, back, error_text(error))
    words = _("Assessment withdrawn. No products may be offered until the member is assessed again.")
    return done_and_reload(request, back, words)


def _tab_of(request: StaffRequest, member_id: int) -> str:
    """The tab of a member whom the reader sees. One query."""
    found = member_views([member_id], staff=request.user)
    if not found:
        raise Http404
    return f"{found[0].page}?tab={KEY}"
