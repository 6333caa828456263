"""The messages tab of the member page: what was sent and withheld, and the way to ask about another copy."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from campaigns.delivery.models import Message, Outcome, Verdict
from campaigns.delivery.pages.outbox import Line, why
from campaigns.delivery.permissions import SEE_OUTBOX
from crm.staff.privacy.mask_levels import MaskLevel, mask_level
from crm.web.responses import StaffRequest
from members.profiles.member_page.tabs import Tab
from members.profiles.member_view import MemberView

KEY = "messages"
SHOWN = 30


def context(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """Two queries."""
    shows_age = mask_level("birth_date", request.user) is MaskLevel.PLAIN
    messages = Message.objects.filter(member=member.id).select_related("copy_version__copy")
    withheld = Verdict.objects.filter(member=member.id).exclude(outcome=Outcome.ALLOW)
    latest = withheld.select_related("copy_version__copy").order_by("-id")[:SHOWN]
    return {
        "member": member,
        "messages": [
            Line(member, row, why(row, shows_age=shows_age)) for row in messages.order_by("-id")[:SHOWN]
        ],
        "withheld": [Line(member, row, why(row, shows_age=shows_age)) for row in latest],
    }


TAB = Tab(KEY, gettext_lazy("Messages"), 45, "delivery/member_tab.html", context, SEE_OUTBOX)
