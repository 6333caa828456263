"""The stage overview, and the transitions behind one of its numbers."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.insights.kpis.definition import Group
from crm.insights.kpis.values import read_board
from crm.insights.overview import stage_overview
from crm.insights.overview.cohort_funnel import cohort_funnel, default_cohort
from crm.insights.overview.transition_list import summary, transition_rows, with_members
from crm.insights.overview.unusual_changes import WEEKS_BEFORE, unusual_changes
from crm.insights.permissions import SEE_OVERVIEW
from crm.runtime import clock
from crm.runtime.background.jobs import latest
from crm.staff.models import Role
from crm.staff.permissions import allowed
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.responses import BadQuery, StaffRequest, render_page, wants_part
from members.lifecycle.counts import stage_counts
from members.lifecycle.counts.periods import Month, months_back
from members.lifecycle.models import Stage, SubState
from members.lifecycle.pages.parse_periods import parse_month, parse_week
from members.lifecycle.policy_versions import policy_at, upcoming_policies
from members.lifecycle.recording.verify import JOB as VERIFICATION_JOB
from members.lifecycle.sentences.policy import upcoming_policy_text
from members.profiles.links import MEMBERS
from members.profiles.visibility import sees_everybody

# Uses index: transition_by_time
LATEST_FIRST = Order("effective_at", parse_instant, key="member_id", nulls=False)
MONTHS = 12


@allowed(SEE_OVERVIEW)
@require_GET
def lifecycle_page(request: StaffRequest) -> HttpResponse:
    """Members and KPIs by stage over a year, the transitions of a month, unusual changes of the last week."""
    now = clock.now()
    today = clock.day_of(now)
    month = parse_month(request.GET.get("month", ""), today)
    asked = request.GET.get("cohort", "")
    cohort = parse_month(asked, today).first if asked else None
    months = max(MONTHS, _months_between(month.first, today))
    found = stage_counts.count_by_stage(request.user)
    totals = stage_counts.stage_totals(found)
    since = months_back(today, months)[0]
    moves = stage_counts.transition_totals(request.user, since=since, today=today, weeks=WEEKS_BEFORE + 1)
    stock = stage_counts.stock_by_month(found, moves, today, months)
    cells = stage_counts.transition_matrix(moves, month)
    policy = policy_at(now)
    default = default_cohort(policy.mature_tenure_days, today)
    board = read_board(request.user, month.first, since=cohort or default)
    is_current = month.following > today
    last = today - timedelta(days=1)
    context = {
        "now": now,
        "policy": policy,
        "notices": [upcoming_policy_text(policy) for policy in upcoming_policies(now)],
        "verification": latest([VERIFICATION_JOB]).get(VERIFICATION_JOB),
        "everybody": sees_everybody(request.user),
        "members": MEMBERS.address(),
        "cards": stage_overview.cards(found, stock, month, board, is_current=is_current),
        "leads": totals[Stage.ACQUISITION],
        "total": sum(totals.values()) - totals[Stage.ACQUISITION],
        "money": board.of_group(Group.MONEY),
        "is_partial": board.is_partial,
        "chart": stage_overview.stock_chart(stock),
        "stages": Stage.choices,
        "month": month,
        "is_current": is_current,
        "through": board.through,
        "kpis_key": board.key,
        "headline": stage_overview.headline(cells, stage_counts.count_won_back(moves, month)),
        "moves": stage_overview.transition_table(cells, month),
        "known": stage_overview.first_contacts(cells, month),
        "funnel": cohort_funnel(board, cohort, default),
        "notable": stage_overview.unusual_rows(unusual_changes(moves), last) if is_current else [],
        "last": last,
    }
    return render_page(request, "insights/overview/lifecycle.html", context, part="board")


def _months_between(first: date, today: date) -> int:
    return (today.year - first.year) * 12 + today.month - first.month


@allowed(SEE_OVERVIEW)
@require_GET
def moves_page(request: StaffRequest) -> HttpResponse:
    """The transitions behind one number: a cell of a month's table, or an unusual change of a week."""
    today = clock.day_of(clock.now())
    left, entered, sub = (request.GET.get(name, "") for name in ("from", "to", "sub"))
    if (
        entered not in Stage.values
        or (left and left not in Stage.values)
        or (sub and sub not in SubState.values)
    ):
        raise BadQuery(_("Unknown stage."))
    week = parse_week(request.GET["week"], today) if "week" in request.GET else None
    month = parse_month(request.GET.get("month", ""), today)
    rows = stage_counts.transitions_behind(request.user, week or month, left, entered, sub)
    page = page_of(with_members(rows), LATEST_FIRST, request.GET.get("after", ""))
    context = {
        "page": Page(transition_rows(page.rows, request.user), page.next, page.first),
        "summary": "" if wants_part(request) else summary(rows, page),
        "own_book": request.user.role == Role.RELATIONSHIP_MANAGER,
        "left": left,
        "entered": entered,
        "sub": sub,
        "month": month if week is None else Month(week.last.replace(day=1)),
        "week": week,
    }
    return render_page(request, "insights/overview/stage_changes.html", context, part="rows")
