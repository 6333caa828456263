"""The pages that show the whole: the stage overview, and who made a move."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.insights import overview
from crm.runtime import clock
from crm.runtime.jobs import latest
from crm.staff.permissions import Action, allowed
from crm.web.answers import BadQuery, StaffRequest, answer
from crm.web.paging import Order, Page, instant, page_of
from crm.web.runs import VERIFICATION
from members.lifecycle import board
from members.lifecycle.evaluate import policy_at
from members.lifecycle.models import Stage, Transition
from members.lifecycle.words import why_moved
from members.profiles.masking import MemberView, present

LATEST_FIRST = Order("effective_at", instant, key="member_id", nulls=False)  # uses index: transition_by_time


@allowed(Action.SEE_OVERVIEW)
@require_GET
def lifecycle_page(request: StaffRequest) -> HttpResponse:
    """How many members are in each stage, over a year, and who moved this month."""
    now = clock.now()
    month = overview.read_month(request.GET.get("month", ""), clock.day_of(now))
    found = board.counts(request.user)
    stock = board.stock(request.user, now)
    context = {
        "now": now,
        "policy": policy_at(now),
        "verification": latest([VERIFICATION]).get(VERIFICATION),
        "cards": overview.cards(found, board.by_stage(found), stock),
        "chart": overview.stock_chart(stock),
        "stock": overview.stock_table(stock),
        "stages": Stage.choices,
        "month": month,
        "is_this_month": month.following > clock.day_of(now),
        "moves": overview.move_table(board.moves(request.user, month)),
    }
    return answer(request, "insights/lifecycle.html", context, part="moves")


@dataclass(frozen=True)
class Mover:
    """One member who moved, and why."""

    view: MemberView
    move: Transition
    why: str


@allowed(Action.SEE_OVERVIEW)
@require_GET
def moves_page(request: StaffRequest) -> HttpResponse:
    """The members behind one cell of the transition table."""
    now = clock.now()
    month = overview.read_month(request.GET.get("month", ""), clock.day_of(now))
    left, entered = request.GET.get("from", ""), request.GET.get("to", "")
    if entered not in Stage.values or (left and left not in Stage.values):
        raise BadQuery(_("There is no such stage."))
    rows = board.who_moved(request.user, month, left, entered)
    page = page_of(rows, LATEST_FIRST, request.GET.get("after", ""))
    views = {
        view.id: view
        for view in present([row.member_id for row in page.rows], staff=request.user, fields=("name",))
    }
    movers = [Mover(views[row.member_id], row, why_moved(row)) for row in page.rows if row.member_id in views]
    context = {"page": Page(movers, page.next, page.first), "left": left, "entered": entered, "month": month}
    return answer(request, "insights/moves.html", context, part="rows")
