"""KPIs of decline, and of books, each by an example with a known answer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from crm.insights.kpis import approached
from crm.insights.kpis.registry import BY_CODE
from crm.staff.models import Role, Team
from members.portfolio.models import Valuation
from members.profiles.models import Book, Member
from tests.crm.cast import move, staff_of
from tests.crm.insights.people import (
    at,
    client,
    counted,
    login,
    person,
    policy,
    trade,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _policy():
    policy()


def test_churn_rate_counts_who_became_churned():
    went = client(stage="decline", sub_state="churned")
    move(went, "decline", "decline", at(2, 10), from_sub_state="dormant", to_sub_state="churned")
    gone_before = client(stage="decline", sub_state="churned")
    move(gone_before, "decline", "decline", at(1, 31, 23), from_sub_state="dormant", to_sub_state="churned")
    client(), client(stage="maturity"), person(registered=at(1, 1))
    assert counted("churn_rate") == (1, 3)


def test_dormant_share_asks_how_long_members_are_silent_in_two_bands():
    def silent(since, *, aum="50000"):
        row = person(registered=at(1, 1, year=2020), invested=at(1, 2, year=2020))
        login(row, since)
        Valuation.objects.create(member=row, date=date(2020, 1, 2), aum=Decimal(aum))
        return row

    silent(at(10, 31, 0, year=2025))  # 120 days on 28 February
    silent(at(11, 1, 0, year=2025))  # 119
    silent(at(2, 28, 0, year=2025), aum="0")  # 365; an emptied account is silent all the same
    silent(at(2, 27, 23, 59, year=2025))  # 366
    active = silent(at(2, 27, 23, 59, year=2024))
    trade(active, at(2, 3), "10", "redemption")
    silent(at(10, 1, year=2025)), login(Member.objects.latest("id"), at(3, 1, 0))  # woke after the month
    person(registered=at(1, 1))
    assert counted("dormant_share") == (4, 6)
    assert counted("dormant_share_year") == (3, 6)
    assert counted("dormant_share_long") == (1, 6)


def test_return_rate_counts_who_came_back_of_who_could():
    back, fell, fell_and_back = client(), client(stage="decline", sub_state="at_risk"), client()
    move(back, "decline", "growth", at(2, 1, 0), from_sub_state="dormant", won_back=True)
    move(fell, "growth", "decline", at(2, 5), to_sub_state="at_risk")
    move(fell_and_back, "maturity", "decline", at(2, 6), to_sub_state="at_risk")
    move(fell_and_back, "decline", "maturity", at(2, 27), from_sub_state="at_risk", won_back=True)
    client(stage="decline", sub_state="churned")
    late, settled = client(), client()
    move(late, "decline", "growth", at(3, 1, 0), from_sub_state="at_risk", won_back=True)
    move(settled, "decline", "growth", at(2, 9), from_sub_state="at_risk")  # left decline, nothing came back
    client()
    assert counted("return_rate") == (2, 6)


def test_win_back_success_says_what_it_waits_for_and_counts_the_approached_once_there_are_any(monkeypatch):
    kpi = BY_CODE["win_back_success_rate"]
    assert not kpi.is_measured and str(kpi.waiting) == "No outreach recorded yet."
    assert counted(kpi.code) is None
    ninety = timedelta(days=90)
    first = at(2, 1, 0, 0) - ninety
    back, stays, late, growing, early = (client(stage="decline", sub_state="at_risk") for _ in range(5))
    move(back, "decline", "growth", first + ninety - SECOND, from_sub_state="at_risk", won_back=True)
    move(late, "decline", "growth", first + ninety, from_sub_state="at_risk", won_back=True)
    move(growing, "growth", "decline", first + timedelta(days=1), to_sub_state="at_risk")
    rows = [(row.id, first.isoformat()) for row in (back, back, stays, late, growing)]
    rows.append((early.id, (first - SECOND).isoformat()))
    values = ", ".join(f"({member}, timestamptz '{on}')" for member, on in rows)
    source = approached.Source("calls", lambda: f"SELECT * FROM (VALUES {values}) AS call (member_id, at)")
    monkeypatch.setattr(approached, "_sources", {"calls": source})
    assert counted(kpi.code) == (1, 3)


def test_books_count_for_their_manager_and_team_as_they_were_at_the_end():
    team = Team.objects.create(name="East")
    manager, colleague = staff_of(Role.RELATIONSHIP_MANAGER, team), staff_of(Role.RELATIONSHIP_MANAGER, team)
    mine, given, theirs = client("100"), client("200"), client("400")
    client("800")
    Book.objects.create(member=mine, staff=manager, started_at=at(1, 1))
    Book.objects.create(member=given, staff=manager, started_at=at(1, 1), ended_at=at(3, 2))
    Book.objects.create(member=given, staff=colleague, started_at=at(3, 2))
    Book.objects.create(member=theirs, staff=colleague, started_at=at(2, 28, 23))
    assert counted("aum_per_client") == (1500, 4)
    assert counted("aum_per_client", "staff", manager.id) == (300, 2)
    assert counted("aum_per_client", "staff", colleague.id) == (400, 1)
    assert counted("aum_per_client", "team", team.id) == (700, 3)
    assert counted("aum_per_client", "channel", 1) is None
    assert counted("cost_per_registration", "staff", manager.id) is None
