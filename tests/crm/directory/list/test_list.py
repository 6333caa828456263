from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.directory.list import index_scan, list_members
from crm.staff.models import Role, Team
from members.lifecycle.models import Stage, Standing
from members.profiles.models import Book, Channel, Member
from tests.crm.cast import NOW, browser_of, member, staff_of

HTMX = {"HX-Request": "true"}
SORTS = {  # the names of the first orders are those that addresses had before there were fields
    "aum": (Standing, "aum", True),
    "since": (Standing, "since", True),
    "-registered_at": (Member, "registered_at", False),
    "due": (Standing, "due_at", False),
}


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


def test_managers_are_offered_by_pinyin_and_amounts_stand_with_their_cents(operations):
    for name in ("周慧敏", "何俊峰", "唐可"):
        manager = staff_of(Role.RELATIONSHIP_MANAGER)
        manager.display_name = name
        manager.save()
    member("张一", aum=Decimal("893209")), member("李二", aum=Decimal("1024.03"))
    page = operations.get("/members/").content.decode()
    assert page.index(">何俊峰<") < page.index(">唐可<") < page.index(">周慧敏<")
    assert ">¥893,209.00<" in page and ">¥1,024.03<" in page


def test_each_reader_is_offered_the_managers_of_the_own_team_or_all_whoever_came_before(world):
    team, other = Team.objects.create(name="一部"), Team.objects.create(name="二部")
    mine, theirs = staff_of(Role.RELATIONSHIP_MANAGER, team), staff_of(Role.RELATIONSHIP_MANAGER, other)
    readers = {
        mine: set(),
        staff_of(Role.OPERATIONS): {mine, theirs},
        staff_of(Role.TEAM_LEAD, team): {mine},
        staff_of(Role.TEAM_LEAD): set(),
        staff_of(Role.ANALYST): {mine, theirs},
    }
    for reader, offered in readers.items():
        page = browser_of(reader).get("/members/?view=all").content.decode()
        found = {manager for manager in (mine, theirs) if f">{manager.display_name}</option>" in page}
        assert found == offered


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


def test_search_finds_a_whole_mobile_only(world):
    row = member("王小明", mobile="13800001234")
    service = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    for text, is_found in (("13800001234", True), ("1380000", False)):
        page = service.post("/members/search/", {"q": text}, follow=True)
        assert (page.request["PATH_INFO"] == f"/members/{row.pk}/") == is_found
    assert "13800001234" not in service.get("/members/").content.decode()


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


def every_page(client, between=lambda: None, **parameters) -> list[int]:
    """Walk the list to its end; `between` is called after each page."""
    seen, after = [], ""
    while True:
        page = client.get("/members/", {**parameters, "after": after}, headers=HTMX).context_data["page"]
        seen += [row.view.id for row in page.rows]
        if not page.next:
            return seen
        after = page.next
        between()


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.RELATIONSHIP_MANAGER])
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("asked", [{}, {"risk": "C2"}])
def test_a_walk_sees_everybody_once_in_order_through_ties_and_empty_values(
    world, monkeypatch, role, sort, asked
):
    monkeypatch.setattr(index_scan, "SPAN", 4)
    monkeypatch.setattr(list_members, "SIZE", 3)
    staff, wanted = staff_of(role), []
    for number in range(14):
        row = member(
            manager=staff, aum=Decimal(number // 4), stage=[*Stage.values, None][number % 6],
            since=None if number % 4 == 0 else NOW - timedelta(days=number // 3),
            due_at=None if number % 5 == 0 else NOW + timedelta(days=number // 3),
            registered_at=None if number % 7 == 0 else NOW - timedelta(days=number // 3),
        )  # fmt: skip
        Member.objects.filter(pk=row.pk).update(
            risk_class="C2" if number % 3 else "C1", risk_assessed_on=NOW.date()
        )
        if number % 3 or not asked:
            wanted.append(row.pk)
    seen = every_page(browser_of(staff), sort=sort, **asked)
    assert sorted(seen) == sorted(wanted)
    model, column, descending = SORTS[sort]
    rows = {row.pk: row for row in model.objects.all()}
    values = [getattr(rows[member_id], column) for member_id in seen]
    known = [value for value in values if value is not None]
    assert values == sorted(known, reverse=descending) + [None] * (len(values) - len(known))


def test_a_walk_sees_whoever_stays_once_while_rows_change(operations, monkeypatch):
    monkeypatch.setattr(list_members, "SIZE", 2)
    rows = [member(aum=Decimal(number)) for number in range(10)]
    moving = iter((rows[9], rows[0], rows[8]))

    def change() -> None:
        if row := next(moving, None):  # one seen falls to the end, one ahead rises, one is new
            Standing.objects.filter(pk=row.pk).update(aum=Decimal("4.5"), stage="decline")
        member(aum=Decimal(100))

    seen = every_page(operations, change)
    stay = [row.pk for row in rows[1:8]]
    assert [member_id for member_id in seen if member_id in stay] == stay[::-1]


def test_filters_of_the_member_and_of_time(operations):
    channel = Channel.objects.create(code="app", name="应用市场")
    old = member("甲甲", aum=Decimal(500), last_login_at=NOW - timedelta(days=40))
    new = member(
        "乙乙", aum=Decimal(100), registered_at=NOW - timedelta(days=3), last_login_at=NOW,
        due_at=NOW + timedelta(days=2),
    )  # fmt: skip
    Member.objects.filter(pk=old.pk).update(
        region="上海", channel=channel, risk_class="C4", risk_assessed_on=NOW.date()
    )
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    Book.objects.create(member=new, staff=manager, started_at=NOW - timedelta(days=1))
    for asked, expected in (
        ({"region": "上海"}, ["甲*"]),
        ({"channel": "app"}, ["甲*"]),
        ({"risk": "C4"}, ["甲*"]),
        ({"risk": "none"}, ["乙*"]),
        ({"aum_min": "100.01"}, ["甲*"]),
        ({"aum_min": "0.0101万"}, ["甲*"]),
        ({"aum_max": "0.1k"}, ["乙*"]),
        ({"registered_from": "2026-03-13"}, ["乙*"]),
        ({"registered_to": "2026-03-12", "sort": "registered"}, ["甲*"]),
        ({"idle_days": "40"}, ["甲*"]),
        ({"idle_days": "41"}, []),
        ({"due_days": "3"}, ["乙*"]),
        ({"due_days": "3", "sort": "due"}, ["乙*"]),
        ({"manager": manager.pk}, ["乙*"]),
        ({"manager": "none"}, ["甲*"]),
        ({"manager": manager.pk, "region": "上海"}, []),
    ):
        assert names(operations, **asked) == expected, asked


def test_a_search_goes_on_beyond_its_first_page_with_and_without_an_order(operations, monkeypatch):
    monkeypatch.setattr(list_members, "SIZE", 3)
    rows = [member("王小明", aum=Decimal(number)) for number in range(8)]
    ids = [row.pk for row in rows]
    assert sorted(every_page(operations, q="王")) == ids
    assert every_page(operations, q="王", sort="aum") == ids[::-1]
    assert every_page(operations, q="王", aum_min="3", sort="-aum") == ids[3:]
    assert sorted(every_page(operations, q="王", aum_min="3")) == ids[3:]
    assert every_page(operations, q=f"#{ids[0]}", sort="aum") == ids[:1]


def test_the_size_of_the_list_is_told_where_it_is_known(operations):
    for number in range(3):
        member(stage="growth" if number else "decline", warnings=number)
    for asked, words in (
        ("", "3 members"),
        ("stage=growth", "2 members"),
        ("warning=any", "2 members"),
        ("stage=growth&sub_state=stalled", "0 members"),
    ):
        page = operations.get(f"/members/?{asked}")
        assert page.context_data["size_words"].startswith(f"{words} · assets ")
    line = operations.get("/members/?stage=growth").context_data["lines"][1]
    assert "?at=2&amp;of=2" in line
