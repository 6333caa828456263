"""The loyalty tab of the member page: tier, points, benefits, badges and quests, one part at a time.

Each part stays within the queries that the member page leaves to a tab.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.staff.permissions import may
from crm.web.components import tabs
from crm.web.responses import BadQuery, StaffRequest
from members.loyalty.benefits.quota.overview import benefits_of
from members.loyalty.models import Programme, TierChange, TierStanding
from members.loyalty.permissions import RECORD_BENEFITS, SEE_LOYALTY
from members.loyalty.points.member import member_points
from members.profiles.member_page.tabs import Tab
from members.profiles.member_view import MemberView

KEY = "loyalty"
CHANGES = 20
Read = Callable[[StaffRequest, MemberView, datetime], dict[str, Any]]


def _tier(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """Two queries."""
    standing = TierStanding.objects.filter(member=member.id, programme__is_main=True)
    changes = TierChange.objects.filter(member=member.id, programme__is_main=True, effective_at__lte=now)
    return {
        "standing": standing.select_related("tier", "earned", "pending", "falls_to").first(),
        "changes": list(
            changes.select_related("from_tier", "to_tier").order_by("-effective_at", "-id")[:CHANGES]
        ),
    }


def _points(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    main = Programme.objects.filter(is_main=True).values_list("pk", flat=True).first()
    return {"points": member_points(main, member.id, now) if main else None}


def _benefits(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    return {
        "shown": benefits_of(member.id, now),
        "member": member,
        "may_record": may(request.user, RECORD_BENEFITS),
    }


PARTS: dict[str, tuple[str | Promise, Read]] = {
    "tier": (gettext_lazy("Tier"), _tier),
    "points": (gettext_lazy("Points"), _points),
    "benefits": (gettext_lazy("Benefits"), _benefits),
}


def context(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """The part that `?part=` names, the first one without. Raises BadQuery."""
    part = request.GET.get("part") or next(iter(PARTS))
    if part not in PARTS:
        raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "part"})
    labels = [(key, label) for key, (label, _read) in PARTS.items()]
    return {
        "part": part,
        "parts": tabs(labels, part, QueryDict(f"tab={KEY}"), name="part"),
        **PARTS[part][1](request, member, now),
    }


TAB = Tab(KEY, gettext_lazy("Loyalty"), 30, "loyalty/overview/member/tab.html", context, SEE_LOYALTY)
