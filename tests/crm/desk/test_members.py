from datetime import timedelta
from decimal import Decimal

import pytest

from crm.staff.models import Role, Team
from tests.crm.cast import NOW, browser_of, member, staff_of

HTMX = {"HX-Request": "true"}


def names(client, **parameters) -> list[str]:
    """The names of the list, in order."""
    return [row.view.name for row in client.get("/members/", parameters).context_data["page"].rows]


@pytest.fixture
def operations(world):
    return browser_of(staff_of(Role.OPERATIONS))


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (Role.RELATIONSHIP_MANAGER, "王小明"),
        (Role.TEAM_LEAD, "王*"),
        (Role.CUSTOMER_SERVICE, "王*"),
        (Role.COMPLIANCE, "王*"),
        (Role.OPERATIONS, "王*"),
        (Role.ADMINISTRATOR, "王*"),
        (Role.ANALYST, "#"),
    ],
)
def test_names_are_masked_by_role(world, role, shown):
    team = Team.objects.create(name="一部")
    staff = staff_of(role, team)
    row = member(
        "王小明",
        manager=staff if role == Role.RELATIONSHIP_MANAGER else staff_of(Role.RELATIONSHIP_MANAGER, team),
    )
    assert names(browser_of(staff)) == [f"#{row.id}" if shown == "#" else shown]


def test_a_manager_sees_the_own_book_and_a_lead_the_teams(world):
    team, other = Team.objects.create(name="一部"), Team.objects.create(name="二部")
    mine, theirs = staff_of(Role.RELATIONSHIP_MANAGER, team), staff_of(Role.RELATIONSHIP_MANAGER, other)
    member("张一", manager=mine), member("李二", manager=theirs), member("赵三")
    assert names(browser_of(mine)) == ["张一"]
    assert names(browser_of(staff_of(Role.TEAM_LEAD, team))) == ["张*"]


def test_the_platforms_id_is_not_for_analysts(world):
    row = member(number="M-7")
    assert "M-7" in browser_of(staff_of(Role.OPERATIONS)).get("/members/").content.decode()
    page = browser_of(staff_of(Role.ANALYST)).get("/members/").content.decode()
    assert "M-7" not in page
    assert f"#{row.id}" in page


def test_filters_narrow_the_list(operations):
    member("甲甲", stage="activation", sub_state="stalled")
    member("乙乙", stage="decline", sub_state="dormant", warnings=1)
    member("丙丙", stage="maturity", warnings=6)
    member("丁丁", stage="growth")
    assert names(operations, stage="growth") == ["丁*"]
    assert names(operations, sub_state="dormant") == ["乙*"]
    assert names(operations, stage="growth", sub_state="dormant") == []
    assert set(names(operations, warning="any")) == {"乙*", "丙*"}
    assert names(operations, warning="idle") == ["乙*"]
    assert names(operations, warning="signal") == ["丙*"]


def test_orders(operations):
    member("甲甲", aum=Decimal(5), since=NOW - timedelta(days=1), registered_at=NOW - timedelta(days=9))
    member("乙乙", aum=Decimal(7), since=None, registered_at=NOW - timedelta(days=8))
    member("丙丙", aum=Decimal(6), since=NOW - timedelta(days=2), registered_at=None)
    assert names(operations) == ["乙*", "丙*", "甲*"]
    assert names(operations, sort="-aum") == ["甲*", "丙*", "乙*"]
    assert names(operations, sort="since") == ["甲*", "丙*", "乙*"]
    assert names(operations, sort="registered") == ["乙*", "甲*", "丙*"]


def test_search_finds_part_of_a_name_and_keeps_to_the_own_book(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member("王小明", manager=manager), member("李小明"), member("张大山", manager=manager)
    assert names(browser_of(manager), q="小明") == ["王小明"]
    assert names(browser_of(manager), q="小明", sort="aum") == ["王小明"]
    assert names(browser_of(manager), q="没有此人") == []
    assert names(browser_of(staff_of(Role.ANALYST)), q="小明") == []


def test_search_finds_a_whole_mobile_only(operations):
    member("王小明", mobile="13800001234")
    assert names(operations, q="13800001234") == ["王*"]
    assert names(operations, q="1380000") == []
    assert "13800001234" not in operations.get("/members/").content.decode()


def test_htmx_gets_a_part_and_history_the_whole_page(operations):
    member()
    whole = operations.get("/members/")
    part = operations.get("/members/", headers=HTMX)
    restored = operations.get("/members/", headers={**HTMX, "HX-History-Restore-Request": "true"})
    boosted = operations.get("/members/", headers={**HTMX, "HX-Boosted": "true"})
    assert b"<html" not in part.content
    assert b'id="members"' in part.content
    for page in (whole, restored, boosted):
        assert b"<html" in page.content
    for page in (whole, part, restored):
        assert {"HX-Request", "HX-History-Restore-Request"} <= {
            name.strip() for name in page.headers["Vary"].split(",")
        }


def test_the_next_page_continues_without_script_and_with_htmx(operations):
    for number in range(53):
        member(f"员{number:02}", aum=Decimal(1000 - number))
    first = operations.get("/members/", {"stage": "growth"})
    after = first.context_data["page"].next
    assert len(first.context_data["page"].rows) == 50
    assert f"stage=growth&amp;after={after}" in first.content.decode()
    for headers in ({}, HTMX):
        rest = operations.get("/members/", {"stage": "growth", "after": after}, headers=headers)
        assert len(rest.context_data["page"].rows) == 3
        assert rest.context_data["page"].next == ""
        assert (b"<html" in rest.content) == (not headers)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.RELATIONSHIP_MANAGER])
def test_queries_do_not_grow_with_rows(
    world, django_assert_max_num_queries, django_assert_num_queries, role, headers
):
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    staff = staff_of(role)
    client, counts = browser_of(staff), []
    for many in (3, 57):
        for _ in range(many):
            member(manager=staff, number=f"N{many}-{_}")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            client.get("/members/", {"stage": "growth"}, headers=headers)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize(
    "query",
    ["stage=x", "stage=growth'--", "sub_state=%00", "warning=zz", "sort=name", "sort=mobile", "after=%%%",
     "after=WzFd", "after=" + "A" * 9000, "after=%00", "stage=growth&sort=since&after=WyIxIiwiMSJd"],
)  # fmt: skip
def test_hostile_parameters_are_refused_in_words(operations, query):
    member()
    answer = operations.get(f"/members/?{query}")
    assert answer.status_code == 400
    assert "cannot be understood" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff%fe",
        "q=" + "王" * 900,
        "q='; drop table x",
        "q=%25",
        "q=_",
        "q=<script>",
        "x=1",
        "q=%23999999999999999999",
    ],
)
def test_hostile_searches_find_nobody(operations, query):
    member()
    answer = operations.get(f"/members/?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
