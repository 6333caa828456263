"""The pages that show the whole: the stage overview, and who made a move."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.insights.kpis.values import read_board
from crm.insights.overview import overview
from crm.insights.overview.movers import movers, summary, with_members
from crm.insights.overview.notable import WEEKS_BEFORE, notable
from crm.insights.permissions import SEE_OVERVIEW
from crm.runtime import clock
from crm.runtime.work.jobs import latest
from crm.staff.models import Role
from crm.staff.permissions import allowed
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.responses import BadQuery, StaffRequest, answer, wants_part
from members.lifecycle.counts import stage_counts
from members.lifecycle.counts.periods import Month, Week, months_back
from members.lifecycle.models import Stage, SubState
from members.lifecycle.policy.versions import policy_at, upcoming_policies
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
    """Members in each stage with its KPIs, over a year; who moved in a month; what was not as usual."""
    now = clock.now()
    today = clock.day_of(now)
    month = overview.read_month(request.GET.get("month", ""), today)
    asked = request.GET.get("cohort", "")
    cohort = overview.read_month(asked, today).first if asked else None
    months = max(MONTHS, _months_between(month.first, today))
    found = stage_counts.count_by_stage(request.user)
    since = months_back(today, months)[0]
    moves = stage_counts.transition_totals(request.user, since=since, today=today, weeks=WEEKS_BEFORE + 1)
    stock = stage_counts.stock_by_month(found, moves, today, months)
    cells = stage_counts.transition_matrix(moves, month)
    policy = policy_at(now)
    ripe = overview.ripe_cohort(policy.mature_tenure_days, today)
    kpis = read_board(request.user, month.first, since=cohort or ripe)
    is_current = month.following > today
    last = today - timedelta(days=1)
    context = {
        "now": now,
        "policy": policy,
        "notices": [upcoming_policy_text(policy) for policy in upcoming_policies(now)],
        "verification": latest([VERIFICATION_JOB]).get(VERIFICATION_JOB),
        "everybody": sees_everybody(request.user),
        "members": MEMBERS.address(),
        "cards": overview.cards(found, stock, month, kpis, is_current=is_current),
        "total": sum(found.values()),
        "chart": overview.stock_chart(stock),
        "stages": Stage.choices,
        "month": month,
        "is_current": is_current,
        "through": kpis.through,
        "kpis_key": kpis.key,
        "headline": overview.headline(cells),
        "moves": overview.move_table(cells, month),
        "known": overview.newly_known(cells, month),
        "funnel": overview.cohort_funnel(kpis, cohort, ripe),
        "notable": overview.notable_rows(notable(moves), last) if is_current else [],
        "last": last,
    }
    return answer(request, "insights/overview/lifecycle.html", context, part="board")


def _months_between(first: date, today: date) -> int:
    return (today.year - first.year) * 12 + today.month - first.month


@allowed(SEE_OVERVIEW)
@require_GET
def moves_page(request: StaffRequest) -> HttpResponse:
    """The members behind one number: a cell of a month's transition table, or a move of a week."""
    today = clock.day_of(clock.now())
    left, entered, sub = (request.GET.get(name, "") for name in ("from", "to", "sub"))
    if (
        entered not in Stage.values
        or (left and left not in Stage.values)
        or (sub and sub not in SubState.values)
    ):
        raise BadQuery(_("Unknown stage."))
    week = _read_week(request.GET["week"], today) if "week" in request.GET else None
    month = overview.read_month(request.GET.get("month", ""), today)
    rows = stage_counts.transitions_behind(request.user, week or month, left, entered, sub)
    page = page_of(with_members(rows), LATEST_FIRST, request.GET.get("after", ""))
    context = {
        "page": Page(movers(page.rows, request.user), page.next, page.first),
        "summary": "" if wants_part(request) else summary(rows, page),
        "own_book": request.user.role == Role.RELATIONSHIP_MANAGER,
        "left": left,
        "entered": entered,
        "sub": sub,
        "month": month if week is None else Month(week.last.replace(day=1)),
        "week": week,
    }
    return answer(request, "insights/overview/moves.html", context, part="rows")


def _read_week(text: str, today: date) -> Week:
    """The week that ends with a day written as 2026-11-21, which is over. Raises BadQuery."""
    try:
        last = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        last = None
    if last is None or last.year < 1970 or last >= today:
        raise BadQuery(_("Invalid date: %(day)s") % {"day": text[:20]})
    return Week(last)
