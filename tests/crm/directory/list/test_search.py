"""Searching the list on the page: posted, logged where it has to be, and in no address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from crm.staff.models import Reveal, Role
from crm.staff.privacy import access_log
from crm.staff.privacy.export_log import term_of
from crm.staff.privacy.personal import mask_term
from members.profiles.models import Member, SearchTerm
from tests.crm.cast import NOW, browser_of, member, staff_of

WHO, MOBILE = "王小明", "13812341234"


@pytest.fixture
def wang(world):
    return member(WHO, number="M-1", mobile=MOBILE)


def hits(client, text: str, **form: str) -> int:
    """How many members a search on the page finds; its address holds nothing of what was asked."""
    answer = client.post("/members/search/", {"q": text, "sort": "", **form})
    assert answer.status_code == 302
    assert text not in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return len(page.context_data["page"].rows)


def test_customer_service_finds_by_mobile_and_name_and_it_is_logged(wang):
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    assert hits(client, MOBILE) == hits(client, WHO) == 1
    assert list(Reveal.objects.order_by("id").values_list("field", "member_id")) == [
        ("mobile", wang.pk), ("name", wang.pk),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["M-1", "#{pk}", MOBILE, WHO, "1234", "王1234", "wang 1234", "王 １２３４"])
def test_a_search_box_opens_the_only_member_found(wang, text):
    member("李雷", mobile="13800005678"), member("王五", mobile="13800005678")
    SearchTerm.objects.create(member=wang, term="wang")
    Member.objects.filter(pk=wang.pk).update(search_text=wang.search_text + "\nwang")
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    answer = client.post("/members/search/", {"q": text.format(pk=wang.pk)})
    assert answer.headers["Location"] == f"/members/{wang.pk}/"
    assert Reveal.objects.count() == (text not in ("M-1", "#{pk}"))


@pytest.mark.parametrize("text", ["5678", "王5678", "李5678", "赵5678", "1234"])
def test_the_end_of_a_mobile_finds_all_that_end_so_told_apart_by_it(wang, text):
    found = {"5678": 3, "王5678": 2, "李5678": 1, "赵5678": 0, "1234": 1}
    for name in ("李雷", "王五", "王六"):
        member(name, mobile="13800005678")
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    assert hits(client, text) == found[text]
    assert [(row.field, mask_term(term_of(row))) for row in Reveal.objects.all()] == [
        ("mobile", f"{text[0]}* {text[1:]}" if text[0] > "9" else text)
    ]
    page = client.get(client.post("/members/search/", {"q": "5678", "sort": ""}).headers["Location"])
    assert page.content.decode().count("138****5678") == 3


def test_the_end_of_a_mobile_is_for_those_who_may_reveal_and_within_their_budget(wang, monkeypatch):
    for role in (Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST):
        assert hits(browser_of(staff_of(role)), "1234") == hits(browser_of(staff_of(role)), "王1234") == 0
    assert hits(browser_of(staff_of(Role.RELATIONSHIP_MANAGER)), "1234") == 0  # of another's book
    monkeypatch.setattr(access_log, "USUAL_SEARCHES", 1)
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    assert hits(client, "0000") == 0
    assert hits(client, "1234") == 0
    assert hits(client, "1234", purpose="a call came in") == 1


def test_only_as_much_of_a_mobile_finds_as_its_mask_shows(world):
    for mobile in ("12345678", "+4412345678", "+447911125678"):
        member(WHO, mobile=mobile)
    assert hits(browser_of(staff_of(Role.CUSTOMER_SERVICE)), "5678") == 1


def test_digits_find_the_end_of_a_mobile_even_where_a_number_begins_with_them(wang):
    member("李雷", number="12345")
    assert hits(browser_of(staff_of(Role.CUSTOMER_SERVICE)), "1234") >= 1
    assert Reveal.objects.get().field == "mobile"


def test_the_beginning_of_a_number_is_not_logged_while_it_is_typed(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member(WHO, number="12345", mobile=MOBILE, manager=manager)
    client = browser_of(manager)
    for text in ("1234", "138"):
        client.post("/members/search/", {"q": text, "sort": ""}, headers={"X-Typing": "1"})
    assert not Reveal.objects.exists()
    assert hits(client, "1234") == 1
    assert Reveal.objects.get().field == "mobile"


def statements(ask) -> int:
    """How many queries a request makes, those that open and end transactions left out."""
    seen: list[str] = []

    def note(execute, sql, *rest):
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        ask()
    return sum("SAVEPOINT" not in sql for sql in seen)


@pytest.mark.parametrize("role", [Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD, Role.CUSTOMER_SERVICE])
@pytest.mark.parametrize("text", ["M-1", MOBILE, WHO, "xiaoming", "#1", "1234", "王1234"])
def test_a_search_and_its_list_take_at_most_ten_queries_each(world, role, text):
    staff = staff_of(role)
    member(WHO, number="M-1", mobile=MOBILE, manager=staff)
    client, answers = browser_of(staff), []
    elsewhere = member("李四", number="M-2", manager=staff_of(Role.RELATIONSHIP_MANAGER))
    cache.clear()
    for other in ("M-2", elsewhere.name, "13900000000"):
        assert statements(lambda other=other: client.get("/members/", {"q": other})) <= 10, other
    assert statements(lambda: answers.append(client.post("/members/search/", {"q": text}))) <= 10
    assert statements(lambda: client.get(answers[0].headers["Location"])) <= 10


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.ADMINISTRATOR])
def test_who_may_not_reveal_finds_by_number_and_family_name_only(wang, role):
    client = browser_of(staff_of(role))
    for text in (MOBILE, WHO, "王小", "wang", "xiaoming"):
        assert hits(client, text) == 0, text
        assert hits(client, text, sort="aum", aum_min="0") == 0, text
        assert not client.get("/members/", {"q": text}).context_data["page"].rows
        assert not client.get("/palette/", {"q": text}).content.count(b"/members/%d/" % wang.pk)
    assert hits(client, "M-1") == hits(client, "王") == 1
    assert not Reveal.objects.exists()


def test_a_get_searches_nothing_that_is_logged(wang):
    client = browser_of(staff_of(Role.COMPLIANCE))
    page = client.get("/members/", {"q": MOBILE})
    assert not page.context_data["page"].rows
    assert "This search is logged" in page.content.decode()
    assert not Reveal.objects.exists()


def test_anothers_address_of_a_search_is_refused(wang):
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    found = client.post("/members/search/", {"q": MOBILE, "sort": ""}).headers["Location"]
    assert browser_of(staff_of(Role.CUSTOMER_SERVICE)).get(found).status_code == 400
    assert client.get(found + "x").status_code == 400


def test_what_a_search_was_granted_ends_with_the_working_day(wang, settings):
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    found = client.post("/members/search/", {"q": MOBILE, "sort": ""}).headers["Location"]
    for after, rows in ((timedelta(hours=7), 1), (timedelta(hours=9), 0)):
        settings.BUSINESS_NOW = (NOW + after).isoformat()
        page = client.get(found)
        assert len(page.context_data["page"].rows) == rows
        assert ("This search is logged" in page.content.decode()) == (rows == 0)


def test_beyond_the_usual_number_the_page_asks_for_a_purpose_and_compliance_sees_who(wang, monkeypatch):
    monkeypatch.setattr(access_log, "USUAL_SEARCHES", 1)
    monkeypatch.setattr(access_log, "MOST_SEARCHES", 2)
    service, compliance = staff_of(Role.CUSTOMER_SERVICE), browser_of(staff_of(Role.COMPLIANCE))
    client = browser_of(service)
    assert hits(client, "13800000000") == 0
    assert hits(client, MOBILE) == 0
    asked = client.get(client.post("/members/search/", {"q": MOBILE}).headers["Location"])
    assert 'name="purpose"' in asked.content.decode()
    assert hits(client, MOBILE, purpose="a call came in") == 1
    home, log = (compliance.get(path).content.decode() for path in ("/", "/reveals/"))
    assert "1 staff member searched unusually often" in home
    assert f"{service} made 2 searches" in log
    assert "138****1234" in log and MOBILE not in log
    refused = client.post("/members/search/", {"q": "李", "x": ""}, headers={"HX-Request": "true"})
    assert refused.status_code == 302  # a family name is free
    refused = client.post("/members/search/", {"q": "李雷"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422


def test_a_search_keeps_filters_and_goes_on_to_the_export(wang):
    member("王小明", number="M-2", stage="decline")
    client = browser_of(staff_of(Role.COMPLIANCE))
    found = client.post("/members/search/", {"q": WHO, "stage": "decline"}).headers["Location"]
    page = client.get(found)
    assert [row.outside_id for row in page.context_data["page"].rows] == ["M-2"]
    assert b"M-2" in b"".join(
        client.post(page.context_data["export_address"], {"purpose": "salon"}).streaming_content
    )
