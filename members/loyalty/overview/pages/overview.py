"""The loyalty overview: tiers and flows between them, points, benefits, quests and badges of a month."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.runtime import clock
from crm.staff.permissions import allowed, may
from crm.web.responses import BadQuery, StaffRequest, render_page
from members.lifecycle.counts.periods import Month, months_back
from members.lifecycle.pages.parse_periods import parse_month
from members.loyalty.models import BenefitVersion, IncentiveKind, IncentiveVersion, Programme, Tier
from members.loyalty.overview import figures
from members.loyalty.overview.counts.read import Numbers, read_numbers
from members.loyalty.permissions import SEE_LOYALTY_OVERVIEW, SEE_LOYALTY_SETTINGS
from members.profiles.links import MEMBERS

MONTHS = 12


@allowed(SEE_LOYALTY_OVERVIEW)
@require_GET
def overview_page(request: StaffRequest) -> HttpResponse:
    """The numbers of a programme (`?programme=`, else the main one) in a month (`?month=`, else this one)."""
    today = clock.day_of(clock.now())
    month = parse_month(request.GET.get("month", ""), today)
    programmes = list(Programme.objects.order_by("-is_main", "pk"))
    if not programmes:
        context: dict[str, Any] = {"may_configure": may(request.user, SEE_LOYALTY_SETTINGS)}
        return render_page(request, "loyalty/overview/nothing.html", context)
    programme = programme_of(programmes, request.GET.get("programme", ""))
    context = _numbers(programme, month, today) | {
        "programme": programme,
        "programmes": [(one, f"?{urlencode({'programme': one.code})}") for one in programmes],
        "month": month,
        "is_current": month.following > today,
    }
    return render_page(request, "loyalty/overview/overview.html", context, part="board")


def programme_of(programmes: list[Programme], code: str) -> Programme:
    """The programme with this code, the main one without. Raises BadQuery."""
    for one in programmes:
        if code in ("", one.code):
            return one
    raise BadQuery(_("Invalid value for “%(name)s”.") % {"name": "programme"})


def _numbers(programme: Programme, month: Month, today: date) -> dict[str, Any]:
    """Four queries."""
    tiers = list(Tier.objects.filter(programme=programme).select_related("programme").order_by("rank"))
    numbers = read_numbers(programme)
    firsts = months_back(month.first, MONTHS - 1)
    moves = numbers.month(month.first).moves
    rows = figures.tier_rows(numbers, tiers, members_in)
    points = figures.points_rows(numbers, [*firsts, month.following])
    benefits = figures.benefit_rows(numbers, _benefit_names(programme), month.first, firsts)
    up, down = figures.steps(moves, tiers)
    above, share = figures.above_lowest(rows)
    words = (_("Issued"), _("Redeemed"), _("Expired"))
    return {
        "tiers": rows,
        "tier_chart": figures.tier_chart(rows),
        "above": above,
        "above_share": share,
        "upgrades": up,
        "downgrades": down,
        "flows": figures.flow_table(moves, tiers, lambda left, to: changes_address(month, left, to)),
        "has_moves": bool(up or down),
        "points": points,
        "points_chart": figures.points_chart(points, words),
        "outstanding_chart": figures.outstanding_chart(points, _("Points outstanding")),
        "benefits": benefits,
        "benefit_cost": figures.benefit_total(benefits),
        **_incentives(programme, numbers),
    }


def _benefit_names(programme: Programme) -> dict[int, str]:
    """The latest name of each benefit."""
    versions = BenefitVersion.objects.filter(benefit__programme=programme).order_by("number")
    return {one.benefit_id: one.local_name for one in versions.only("benefit_id", "name", "name_en")}


def _incentives(programme: Programme, numbers: Numbers) -> dict[str, Any]:
    """Quests with those who started and completed them, badges with their awards."""
    versions = IncentiveVersion.objects.filter(incentive__programme=programme).order_by("number")
    latest = {one.incentive_id: one for one in versions.select_related("incentive")}
    quests, badges = [], []
    for version in latest.values():
        pk = version.incentive_id
        if version.incentive.kind == IncentiveKind.QUEST:
            started, completed = numbers.quest(pk, "started"), numbers.quest(pk, "completed")
            quests.append(figures.QuestRow(version, started, completed))
        else:
            badges.append(figures.BadgeRow(version, numbers.awards(pk)))
    return {"quests": quests, "badges": sorted(badges, key=lambda row: -row.awards)}


def members_in(tier: Tier) -> str:
    """The members list with those in a tier of the main programme; empty for another programme's."""
    return members_where({"field": "tier", "op": "=", "value": tier.code}) if tier.programme.is_main else ""


def members_where(rule: dict[str, Any]) -> str:
    """The members list filtered by a rule."""
    return f"{MEMBERS.address()}?{urlencode({'rule': json.dumps(rule, ensure_ascii=False)})}"


def changes_address(month: Month, left: Tier, to: Tier) -> str:
    """The members whose tier changed so in a month."""
    query: dict[str, str | int] = {"month": f"{month.first:%Y-%m}", "from": left.pk, "to": to.pk}
    return f"{reverse('loyalty-tier-changes')}?{urlencode(query)}"
