"""Reveal one masked value in its place: for a reason, on the record, and for a few minutes only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.directory.member.profile import personal_value
from crm.directory.member.views import render_member
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.permissions import REVEAL, allowed
from crm.web.responses import StaffRequest, render_page, wants_part
from members.profiles.member_view import member_views
from members.profiles.models import Member
from members.profiles.reveal import ReasonMissing, UnknownField, reveal

SHOWN_FOR = timedelta(minutes=5)
_DOMESTIC = re.compile(r"1[0-9]{10}")
_DIALLED = re.compile(r"\+?[0-9]{5,20}")


@dataclass(frozen=True)
class Revealed:
    """A value shown for `seconds`, or the `error` for which it is not, with the reason as it was typed."""

    field: str
    value: str = ""
    error: str = ""
    reason: str = ""
    seconds: int = int(SHOWN_FOR.total_seconds())

    @property
    def minutes(self) -> int:
        return self.seconds // 60

    @property
    def telephone(self) -> str:
        """The number to dial, where the value is one."""
        digits = re.sub(r"[\s()-]", "", self.value)
        if self.field != "mobile" or not _DIALLED.fullmatch(digits):
            return ""
        return f"+86{digits}" if _DOMESTIC.fullmatch(digits) else digits


@allowed(REVEAL)
@require_POST
def reveal_value(request: StaffRequest, member_id: int) -> HttpResponse:
    """The value is in this answer only, in no address; it says itself how long it may be shown."""
    name, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    try:
        value = reveal(staff=request.user, member_id=member_id, field=name, reason=reason, now=clock.now())
    except ReasonMissing as error:
        revealed, status = Revealed(name, error=error_text(error), reason=reason), 422
    except (UnknownField, Member.DoesNotExist) as error:
        raise Http404 from error
    else:
        revealed, status = Revealed(name, value or _("no data")), 200
    if wants_part(request):
        (view,) = member_views([member_id], staff=request.user, fields=[name])
        context = {"view": view, "value": personal_value(view, name), "revealed": revealed}
        return render_page(request, "directory/member/value.html", context, status=status)
    response = render_member(request, member_id, tab="person", revealed=revealed, status=status)
    if status == 200:
        messages.info(request, _("Shown once and logged with your reason."))
        back = f"{reverse('member', args=[member_id])}?tab=person"
        response["Refresh"] = f"{revealed.seconds}; url={back}"  # whoever has no script
    return response
