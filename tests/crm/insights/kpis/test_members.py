"""The page of the members behind a figure: only whom the reader may see, for a bounded price."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.insights.kpis import list_members
from crm.insights.kpis.compute import compute
from crm.insights.kpis.list_members import members_behind
from crm.insights.kpis.registry import BY_CODE
from crm.staff.models import Role, Team
from members.profiles.models import Book
from tests.crm.cast import NOW, browser_of, markup, staff_of
from tests.crm.insights.people import at, channel, client, person

LAST = date(2026, 3, 15)


def test_numerator_and_denominator_open_their_members(world):
    rich, poor = client("300000"), client("500")
    compute(last_day=LAST, now=NOW)
    browser = browser_of(staff_of(Role.OPERATIONS))
    page = browser.get("/kpis/vip_share/").content.decode()
    for part, there, absent in (("numerator", [rich], [poor]), ("denominator", [rich, poor], [])):
        address = f"/kpis/vip_share/members/{part}/?month=2026-03"
        assert address in page
        listed = browser.get(address).content.decode()
        assert all(f"/members/{row.id}/" in listed for row in there)
        assert not any(f"/members/{row.id}/" in listed for row in absent)
    assert browser.get("/kpis/vip_share/members/numerator/?month=2025-01").status_code == 200
    assert '<a href="/members/"' in markup(browser.get("/kpis/top_1_share/")), "the list by assets"
    for wrong in (
        "vip_share/members/half",
        "unknown/members/numerator",
        "top_1_share/members/numerator",
        "cost_per_registration/members/numerator",
    ):
        assert browser.get(f"/kpis/{wrong}/").status_code == 404


def test_a_manager_finds_only_members_of_the_own_book(world):
    team = Team.objects.create(name="East")
    manager, lead = staff_of(Role.RELATIONSHIP_MANAGER, team), staff_of(Role.TEAM_LEAD, team)
    mine, others = client("700"), client("100")
    Book.objects.create(member=mine, staff=manager, started_at=at(1, 1))
    compute(last_day=LAST, now=NOW)
    for reader in (manager, lead):
        listed = markup(browser_of(reader).get("/kpis/aum/members/denominator/?month=2026-03"))
        assert f"/members/{mine.id}/" in listed and f"/members/{others.id}/" not in listed
    hidden = browser_of(manager).get("/kpis/cost_per_registration/members/denominator/")
    assert hidden.status_code == 404


def test_a_channel_narrows_the_members_to_its_own(world):
    search, salon = channel("search"), channel("salon")
    one, other = person(registered=at(3, 2), channel=search), person(registered=at(3, 2), channel=salon)
    compute(last_day=LAST, now=NOW)
    address = f"/kpis/cost_per_registration/members/denominator/?month=2026-03&channel={search.id}"
    listed = markup(browser_of(staff_of(Role.ANALYST)).get(address))
    assert f"/members/{one.id}/" in listed and f"/members/{other.id}/" not in listed


def test_the_figure_of_a_channel_is_for_those_who_see_everybody(world):
    search = channel("search")
    person(registered=at(3, 2), channel=search)
    compute(last_day=LAST, now=NOW)
    address = "/kpis/first_investment_conversion/members/denominator/?month=2026-03"
    manager, analyst = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.ANALYST)
    assert browser_of(manager).get(address).status_code == 200
    assert browser_of(manager).get(f"{address}&channel={search.id}").status_code == 404
    assert browser_of(analyst).get(f"{address}&channel={search.id}").status_code == 200


def test_a_page_looks_at_a_bounded_number_of_members_and_goes_on_from_there(world, monkeypatch):
    monkeypatch.setattr(list_members, "STEPS", (1, 3))
    rows = [client("700" if number % 3 == 0 else "300000") for number in range(9)]
    reader, kpi = staff_of(Role.ANALYST), BY_CODE["vip_share"]
    found, after, pages = [], 0, 0
    while after is not None:
        page = members_behind(kpi, "numerator", last_day=LAST, staff=reader, after=after)
        found, after, pages = [*found, *page.member_ids], page.after, pages + 1
    assert found == [row.id for number, row in enumerate(rows) if number % 3]
    assert pages == 3
    monkeypatch.setattr(list_members, "SIZE", 2)
    first = members_behind(kpi, "denominator", last_day=LAST, staff=reader)
    assert (list(first.member_ids), first.after) == ([rows[0].id, rows[1].id], rows[1].id)


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.ANALYST])
def test_a_page_of_members_asks_little(world, role):
    reader = staff_of(role)
    browser = browser_of(reader)
    for number in range(30):
        row = client("700")
        if number % 2:
            Book.objects.create(member=row, staff=reader, started_at=at(1, 1))
    compute(last_day=LAST, now=NOW)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/kpis/retention/members/denominator/?month=2026-03").status_code == 200
    assert len(queries) <= 10
