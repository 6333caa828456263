"""The greetings of a member, as a tab of the member page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.web.responses import StaffRequest
from members.profiles.member_page.tabs import Tab
from members.profiles.member_view import MemberView
from tests.extension.greetings.models import Greeting
from tests.extension.greetings.permissions import GREET


def _greetings(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    sent = Greeting.objects.filter(member_id=member.id, at__lte=now)
    return {"greetings": sent.select_related("occasion").order_by("-at")}


TAB = Tab("greetings", _("Greetings"), 45, "greetings/tab.html", _greetings, GREET)
