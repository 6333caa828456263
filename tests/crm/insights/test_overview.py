from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.staff.models import Role
from members.lifecycle.board import months_back, stock
from tests.crm.cast import NOW, browser_of, member, move, staff_of

HTMX = {"HX-Request": "true"}


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


@pytest.mark.parametrize("role", Role)
def test_the_overview_opens_for_every_role(world, role):
    staff = staff_of(role)
    member(manager=staff, stage="decline", sub_state="dormant")
    page = browser_of(staff).get("/lifecycle/")
    assert page.status_code == 200
    decline = page.context_data["cards"][-1]
    assert (decline.count, decline.sub_states) == (1, (("dormant", "Dormant", 1),))


def test_a_manager_counts_the_own_book_only(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member(manager=manager), member()
    page = browser_of(manager).get("/lifecycle/")
    assert sum(card.count for card in page.context_data["cards"]) == 1


def test_the_stock_is_reckoned_back_through_transitions(world):
    row = member(stage="decline")
    move(row, None, "activation", at(2025, 12, 5))
    move(row, "activation", "growth", at(2026, 1, 10))
    move(row, "growth", "decline", at(2026, 3, 2), to_sub_state="at_risk")
    move(row, "decline", "decline", at(2026, 3, 5), from_sub_state="at_risk", to_sub_state="dormant")
    move(row, "growth", "maturity", at(2026, 2, 2), superseded_at=NOW)
    found = stock(staff_of(Role.OPERATIONS), NOW, months=4)
    bands = dict(found.bands)
    assert found.days[-3:] == (date(2026, 2, 1), date(2026, 3, 1), date(2026, 3, 16))
    assert bands["activation"] == (0, 0, 1, 0, 0, 0)
    assert bands["growth"] == (0, 0, 0, 1, 1, 0)
    assert bands["decline"] == (0, 0, 0, 0, 0, 1)
    assert sum(bands["maturity"]) == 0


def test_on_the_first_of_a_month_no_day_is_told_twice(world):
    row = member(stage="growth")
    move(row, "activation", "growth", at(2026, 2, 10))
    found = stock(staff_of(Role.OPERATIONS), datetime(2026, 3, 1, 4, tzinfo=UTC), months=2)
    assert found.days == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert dict(found.bands)["growth"] == (0, 0, 1)
    assert months_back(date(2026, 1, 31), 2) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1)]


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


@pytest.mark.parametrize("query", ["", "to=x", "from=x&to=growth", "to=growth&after=x"])
def test_a_move_that_is_none_is_refused(world, query):
    assert browser_of(staff_of(Role.COMPLIANCE)).get(f"/lifecycle/moves/?{query}").status_code == 400


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.OPERATIONS])
@pytest.mark.parametrize("path", ["/lifecycle/", "/lifecycle/moves/?from=growth&to=decline"])
def test_queries_do_not_grow(world, role, path):
    staff = staff_of(role)
    client, counts = browser_of(staff), []
    for many in (3, 57):
        for number in range(many):
            move(member(manager=staff), "growth", "decline", NOW - timedelta(hours=number))
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10
