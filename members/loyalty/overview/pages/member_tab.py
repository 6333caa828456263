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
from members.loyalty.incentives.progress import incentives_of
from members.loyalty.models import Programme, TierChange
from members.loyalty.permissions import RECORD_BENEFITS, SEE_LOYALTY
from members.loyalty.points.member import member_points
from members.loyalty.tiers.explain import explain
from members.loyalty.tiers.sentences.explanation import explanation_sentences
from members.loyalty.tiers.sentences.history import change_label, change_reason, superseded_text
from members.profiles.member_page.tabs import Tab
from members.profiles.member_view import MemberView

KEY = "loyalty"
CHANGES = 20
Read = Callable[[StaffRequest, MemberView, datetime], dict[str, Any]]


def _tier(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    """Five queries."""
    found = explain(member.id, now=now, with_history=False)
    return {"sentences": explanation_sentences(found) if found else []}


def _history(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    changes = TierChange.objects.filter(member=member.id, programme__is_main=True, effective_at__lte=now)
    rows = changes.select_related("from_tier", "to_tier").order_by("-effective_at", "-id")[:CHANGES]
    return {
        "changes": [
            (
                change_label(row),
                row.effective_at,
                change_reason(row.reason, row.inputs, row.policy_version),
                superseded_text(row) if row.superseded_at else "",
            )
            for row in rows
        ]
    }


def _points(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    main = Programme.objects.filter(is_main=True).values_list("pk", flat=True).first()
    after = request.GET.get("after", "")
    return {"points": member_points(main, member.id, now, after) if main else None}


def _benefits(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    return {
        "shown": benefits_of(member.id, now),
        "member": member,
        "may_record": may(request.user, RECORD_BENEFITS),
    }


def _quests(request: StaffRequest, member: MemberView, now: datetime) -> dict[str, Any]:
    return {"shown": incentives_of(member.id, request.user, now)}


PARTS: dict[str, tuple[str | Promise, Read]] = {
    "tier": (gettext_lazy("Tier"), _tier),
    "history": (gettext_lazy("Tier history"), _history),
    "points": (gettext_lazy("Points"), _points),
    "benefits": (gettext_lazy("Benefits"), _benefits),
    "quests": (gettext_lazy("Quests and badges"), _quests),
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
