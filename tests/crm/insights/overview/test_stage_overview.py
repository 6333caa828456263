from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.insights.kpis.compute import compute, compute_cohorts
from crm.staff.models import Role, Team
from members.lifecycle.counts import maintenance
from members.lifecycle.counts.periods import Month, months_back
from members.lifecycle.counts.stage_counts import (
    count_by_stage,
    stock_by_month,
    transition_matrix,
    transition_totals,
)
from tests.crm.cast import NOW, browser_of, member, move, staff_of
from tests.crm.insights.people import at as on
from tests.crm.insights.people import channel, person, visit
from tests.crm.insights.people import client as client_of

HTMX = {"HX-Request": "true"}
TODAY = date(2026, 3, 16)


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def stock_of(staff, today: date = TODAY, months: int = 12):
    moves = transition_totals(staff, since=months_back(today, months)[0], today=today)
    return stock_by_month(count_by_stage(staff), moves, today, months)


@pytest.mark.parametrize("role", Role)
def test_the_overview_opens_for_every_role(world, role):
    staff = staff_of(role)
    member(manager=staff, stage="decline", sub_state="dormant")
    page = browser_of(staff).get("/lifecycle/")
    assert page.status_code == 200
    decline = page.context_data["cards"][-1]
    assert (decline.count, decline.sub_states) == (1, (("dormant", "Dormant", 1),))


def test_a_manager_counts_the_own_book_and_a_lead_the_team(world):
    team = Team.objects.create(name="East")
    manager, lead = staff_of(Role.RELATIONSHIP_MANAGER, team), staff_of(Role.TEAM_LEAD, team)
    colleague = staff_of(Role.RELATIONSHIP_MANAGER, team)
    for row in (member(manager=manager), member(manager=colleague), member()):
        move(row, "activation", "growth")
    for staff, seen in ((manager, 1), (lead, 2), (staff_of(Role.ANALYST), 3)):
        page = browser_of(staff).get("/lifecycle/")
        assert sum(card.count for card in page.context_data["cards"]) == seen
        assert page.context_data["headline"].invested == seen


@pytest.mark.parametrize("compacted", [False, True])
@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.RELATIONSHIP_MANAGER])
def test_the_stock_is_reckoned_back_through_transitions(world, role, compacted):
    staff = staff_of(role)
    row = member(stage="decline", manager=staff)
    move(row, None, "activation", at(2025, 12, 5))
    move(row, "activation", "growth", at(2026, 1, 10))
    move(row, "growth", "decline", at(2026, 3, 2), to_sub_state="at_risk")
    move(row, "decline", "decline", at(2026, 3, 5), from_sub_state="at_risk", to_sub_state="dormant")
    move(row, "growth", "maturity", at(2026, 2, 2), superseded_at=NOW)
    if compacted:
        maintenance.compact()
    found = stock_of(staff, months=4)
    bands = dict(found.bands)
    assert found.days[-3:] == (date(2026, 2, 1), date(2026, 3, 1), TODAY)
    assert bands["activation"] == (0, 0, 1, 0, 0, 0)
    assert bands["growth"] == (0, 0, 0, 1, 1, 0)
    assert bands["decline"] == (0, 0, 0, 0, 0, 1)
    assert sum(bands["maturity"]) == 0


def test_on_the_first_of_a_month_no_day_is_told_twice(world):
    row = member(stage="growth")
    move(row, "activation", "growth", at(2026, 2, 10))
    found = stock_of(staff_of(Role.OPERATIONS), date(2026, 3, 1), months=2)
    assert found.days == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert dict(found.bands)["growth"] == (0, 0, 1)
    assert months_back(date(2026, 1, 31), 2) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.RELATIONSHIP_MANAGER])
def test_moves_fall_into_platform_months_and_weeks_that_end_yesterday(world, role):
    staff = staff_of(role)
    last_of_february = datetime(2026, 2, 28, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai
    for when in (last_of_february, last_of_february + timedelta(minutes=1)):
        move(member(manager=staff), "growth", "decline", when)
    for days in (0, 1, 7, 8, 63, 64):
        move(member(manager=staff), "activation", "growth", NOW - timedelta(days=days))
    moves = transition_totals(staff, since=date(2025, 3, 1), today=TODAY, weeks=9)
    assert transition_matrix(moves, Month(date(2026, 2, 1))) == {("growth", "decline"): 1}
    weeks = {}
    for one in moves:
        if one.entered == "growth":
            weeks[one.week] = weeks.get(one.week, 0) + one.members
    assert weeks == {None: 2, 0: 2, 1: 1, 8: 1}


def test_a_past_month_shows_its_own_end(world):
    row = member(stage="decline", sub_state="at_risk")
    move(row, None, "growth", at(2026, 1, 10))
    move(row, "growth", "decline", at(2026, 3, 2), to_sub_state="at_risk")
    staff = staff_of(Role.ANALYST)
    page = browser_of(staff).get("/lifecycle/?month=2026-02").context_data
    found = {card.stage: (card.count, card.change, card.sub_states) for card in page["cards"]}
    assert found["growth"] == (1, 0, ())
    assert found["decline"] == (0, None, ())
    long_ago = browser_of(staff).get("/lifecycle/?month=2023-05").context_data
    assert [card.count for card in long_ago["cards"]] == [0, 0, 0, 0, 0]


def test_the_cards_tell_stored_values_and_what_they_mean(world):
    client_of("3000"), client_of("1000")
    compute(last_day=date(2026, 3, 15), now=NOW)
    staff = staff_of(Role.ANALYST)
    page = browser_of(staff).get("/lifecycle/").content.decode()
    assert "¥2,000" in page
    assert "Assets of all clients at period end" in page
    assert "No outreach recorded yet" in page
    assert " through <time" in page and "15 Mar 2026" in page
    mine = browser_of(staff_of(Role.RELATIONSHIP_MANAGER)).get("/lifecycle/").content.decode()
    assert "¥2,000" not in mine


def test_the_funnel_follows_a_cohort_month_from_first_contact_to_maturity(world):
    september = {"known": on(9, 30, 23, year=2025)}
    person(**september), person(**september, registered=on(10, 9, year=2025))
    person(**september, registered=on(10, 9, year=2025), invested=on(10, 10, year=2025))
    search = channel("search")
    visit(search, on(9, 30, 23, year=2025), "v1"), visit(search, on(10, 2, year=2025), "v1")
    visit(search, on(9, 1, 0, year=2025))
    grown = person(**september, registered=on(10, 1, year=2025), invested=on(10, 1, year=2025))
    move(grown, "growth", "maturity", on(3, 14))
    too_late = person(known=on(10, 1, 0, year=2025), registered=on(10, 1, year=2025))
    compute_cohorts(last_day=date(2026, 3, 15), now=NOW)
    client = browser_of(staff_of(Role.ANALYST))
    steps = client.get("/lifecycle/").context_data["funnel"].chart.steps
    assert [step.value for step in steps] == [6, 4, 3, 2, 1]
    other = client.get("/lifecycle/?cohort=2025-10").context_data["funnel"]
    assert [step.value for step in other.chart.steps] == [1, 1, 1, 0, 0]
    assert too_late.id
    ripe = person(known=on(2, 10, year=2025), registered=on(2, 10, year=2025), invested=on(2, 11, year=2025))
    move(ripe, "growth", "maturity", on(3, 14))
    compute_cohorts(last_day=date(2026, 3, 15), now=NOW)
    cache.clear()
    first = client.get("/lifecycle/").context_data["funnel"]  # its newcomers have had the year it takes
    assert (first.month.first, first.chart.steps[-1].value) == (date(2025, 2, 1), 1)
    assert client.get("/lifecycle/?cohort=2025-08").context_data["funnel"].chart is None
    assert client.get("/lifecycle/?cohort=2015-01").status_code == 200
    assert client.get("/lifecycle/?cohort=x").status_code == 400


def test_the_months_moves_lead_to_those_who_moved(world):
    client = browser_of(staff_of(Role.COMPLIANCE))
    facts = {"rules": 2, "peak_aum": "9000.00", "aum": "1000.00"}
    move(member("王小明"), "growth", "decline", at(2026, 3, 3), to_sub_state="at_risk", inputs=facts)
    move(member("李雷雷"), "growth", "decline", at(2026, 2, 3), to_sub_state="at_risk")
    move(member("赵六六"), "growth", "maturity", at(2026, 3, 3))
    page = client.get("/lifecycle/").content.decode()
    link = "/lifecycle/moves/?month=2026-03&amp;from=growth&amp;to=decline"
    assert link in page
    listed = client.get(link.replace("&amp;", "&")).content.decode()
    assert "王*" in listed
    assert "Assets fell from ¥9,000 to ¥1,000" in listed
    assert "李*" not in listed
    assert "赵*" not in listed


def test_the_list_behind_a_number_can_be_worked(world):
    manager, reader = staff_of(Role.RELATIONSHIP_MANAGER), staff_of(Role.COMPLIANCE)
    first = member("王小明", manager=manager, aum=Decimal("5000"))
    move(first, "growth", "decline", at(2026, 3, 3), to_sub_state="at_risk", inputs={"rules": 1})
    for number in range(60):
        move(
            member(),
            "growth",
            "decline",
            at(2026, 3, 4 + number % 3),
            to_sub_state="at_risk",
            inputs={"rules": 2},
        )
    address = "/lifecycle/moves/?month=2026-03&from=growth&to=decline"
    page = browser_of(reader).get(address)
    assert "61 stage changes, 60 due to falling assets." in page.content.decode()
    further = browser_of(reader).get(f"{address}&after={page.context_data['page'].next}").content.decode()
    assert f"#{first.id}" in further and "¥5,000" in further and manager.display_name in further
    assert "stage changes" not in further
    mine = browser_of(manager).get(address).content.decode()
    assert "1 stage change, 1 due to inactivity." in mine


def test_an_unusual_week_is_told_in_a_sentence_and_leads_to_its_members(world):
    for week in range(1, 9):
        move(member(), "growth", "decline", NOW - timedelta(days=7 * week + 1), to_sub_state="at_risk")
    for number in range(20):
        move(
            member("王小明"),
            "growth",
            "decline",
            NOW - timedelta(days=1 + number % 7),
            to_sub_state="at_risk",
        )
    client = browser_of(staff_of(Role.COMPLIANCE))
    page = client.get("/lifecycle/")
    (row,) = page.context_data["notable"]
    assert (row["notable"].count, row["notable"].usual) == (20, 1)
    assert "usually 1 a week, 1 to 1 over the past eight weeks" in page.content.decode()
    listed = client.get(row["address"])
    assert listed.content.decode().count("王*") == 20


def test_a_week_s_list_can_be_of_one_sub_state(world):
    row = member()
    move(row, "decline", "decline", NOW - timedelta(days=2), from_sub_state="at_risk", to_sub_state="dormant")
    move(
        member(),
        "decline",
        "decline",
        NOW - timedelta(days=2),
        from_sub_state="dormant",
        to_sub_state="churned",
    )
    client = browser_of(staff_of(Role.COMPLIANCE))
    page = client.get("/lifecycle/moves/?week=2026-03-15&from=decline&to=decline&sub=dormant")
    assert [mover.move.member_id for mover in page.context_data["page"].rows] == [row.id]


def test_another_month_comes_as_a_part(world):
    client = browser_of(staff_of(Role.COMPLIANCE))
    move(member(), "growth", "decline", at(2026, 2, 3), to_sub_state="at_risk")
    part = client.get("/lifecycle/", {"month": "2026-02"}, headers=HTMX)
    assert b"<html" not in part.content
    assert b"February 2026" in part.content
    assert "HX-Request" in part.headers["Vary"]
    restored = client.get(
        "/lifecycle/", {"month": "2026-02"}, headers={**HTMX, "HX-History-Restore-Request": "true"}
    )
    assert b"<html" in restored.content


@pytest.mark.parametrize(
    "month", ["x", "2026-13", "2026-3", "2027-01", "0000-01", "1969-12", "99999-1", "٢٠٢٦-٠١", "2026-03-01"]
)
def test_a_month_that_is_none_is_refused(world, month):
    client = browser_of(staff_of(Role.COMPLIANCE))
    assert client.get("/lifecycle/", {"month": month}).status_code == 400
    assert client.get("/lifecycle/moves/", {"month": month, "to": "growth"}).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "",
        "to=x",
        "from=x&to=growth",
        "to=growth&after=x",
        "to=decline&sub=x",
        "to=growth&week=x",
        "to=growth&week=2026-03-16",
        "to=growth&week=0001-01-01",
    ],
)
def test_a_move_that_is_none_is_refused(world, query):
    assert browser_of(staff_of(Role.COMPLIANCE)).get(f"/lifecycle/moves/?{query}").status_code == 400


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.OPERATIONS])
@pytest.mark.parametrize("path", ["/lifecycle/", "/lifecycle/moves/?from=growth&to=decline", "/kpis/"])
def test_queries_do_not_grow(world, role, path):
    staff = staff_of(role)
    client, numbers = browser_of(staff), []
    for many in (3, 57):
        for number in range(many):
            move(member(manager=staff), "growth", "decline", NOW - timedelta(hours=number))
        compute(last_day=date(2026, 3, 15), now=NOW)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] <= 10
