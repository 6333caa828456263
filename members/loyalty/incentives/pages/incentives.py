"""The list of badges and quests, and the page of one: what it is, what followed, its versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.runtime import clock
from crm.staff.four_eyes import inbox
from crm.staff.links import REQUESTS
from crm.staff.models import RequestState, Staff
from crm.staff.permissions import SEE_REQUESTS, allowed, may
from crm.web.responses import StaffRequest, render_page
from members.lifecycle.models import Stage
from members.loyalty.incentives.configure import KIND
from members.loyalty.incentives.effects.compare import compare, stays_of
from members.loyalty.incentives.list_incentives import (
    ShownIncentive,
    get_incentive_or_404,
    list_incentives,
)
from members.loyalty.incentives.sentences.requests import Line, name_of, rule_text, version_lines
from members.loyalty.models import IncentiveEffect, IncentiveVersion
from members.loyalty.permissions import CHANGE_INCENTIVES, SEE_LOYALTY_SETTINGS

REQUESTS_SHOWN = 10


@allowed(SEE_LOYALTY_SETTINGS)
@require_safe
def incentives_page(request: StaffRequest) -> HttpResponse:
    """All badges and quests that the reader may see."""
    now, staff = clock.now(), request.user
    context = {
        "incentives": [(one, _stages(one.shown)) for one in list_incentives(staff, now)],
        "may_change": may(staff, CHANGE_INCENTIVES),
        "requests": _requests(staff, now),
        "all_requests": REQUESTS.address(),
        "back": f"{reverse('incentives')}#requests",
    }
    return render_page(request, "loyalty/incentives/incentives.html", context)


@allowed(SEE_LOYALTY_SETTINGS)
@require_safe
def incentive_page(request: StaffRequest, code: str) -> HttpResponse:
    """One badge or quest."""
    now, staff = clock.now(), request.user
    one = get_incentive_or_404(code, staff, now)
    version = one.shown
    context: dict[str, Any] = {
        "one": one,
        "version": version,
        "stages": _stages(version),
        "rule": rule_text(version.rule),
        "steps": [(name_of(step), rule_text(step["rule"]), step["rewarded"]) for step in version.steps],
        "effect": _shown_effect(one.effect) if one.effect else None,
        "history": _history(one),
        "may_change": may(staff, CHANGE_INCENTIVES),
        "requests": _requests(staff, now, code),
        "all_requests": REQUESTS.address(),
        "back": f"{reverse('incentive', args=[code])}#requests",
    }
    return render_page(request, "loyalty/incentives/incentive.html", context)


def _stages(version: IncentiveVersion) -> tuple[Stage, Stage]:
    return Stage(version.from_stage), Stage(version.to_stage)


def _shown_effect(effect: IncentiveEffect) -> dict[str, Any]:
    """The stored counts as the comparison and the stays that the page shows."""
    return {
        "stored": effect,
        "stages": (Stage(effect.from_stage), Stage(effect.to_stage)),
        "comparison": compare(effect.strata),
        "stays": [
            (_("Members who had it"), stays_of(effect.stays, "had")),
            (_("Members who had not"), stays_of(effect.stays, "others")),
        ],
    }


@dataclass(frozen=True)
class ShownVersion:
    """A version with what it changed against the one before; `state` is current, upcoming or past."""

    version: IncentiveVersion
    changes: list[Line]
    state: str


def _history(one: ShownIncentive) -> list[ShownVersion]:
    """The versions, the newest first."""
    shown = []
    for place, version in enumerate(one.versions):
        before = one.versions[place + 1] if place + 1 < len(one.versions) else None
        state = "current" if version == one.current else "upcoming" if version == one.coming else "past"
        shown.append(ShownVersion(version, version_lines(before, version), state))
    return shown


def _requests(staff: Staff, now: datetime, code: str = "") -> list[inbox.ShownRequest] | None:
    """The pending requests about all, or the latest about one; None: the reader may not see requests."""
    if not may(staff, SEE_REQUESTS):
        return None
    rows = inbox.visible(staff).filter(kind=KIND)
    rows = rows.filter(proposal__code=code) if code else rows.filter(state=RequestState.PENDING)
    return inbox.shown_all(rows.order_by("-made_at")[:REQUESTS_SHOWN], staff, now)
