"""Searching the list on the page: posted, logged where it has to be, and in no address."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection

from crm.staff.models import Reveal, Role
from crm.staff.privacy import access_log
from tests.crm.cast import NOW, browser_of, member, staff_of

WHO, MOBILE = "王小明", "13812341234"


@pytest.fixture
def wang(world):
    return member(WHO, number="M-1", mobile=MOBILE)


def hits(client, text: str, **form: str) -> int:
    """How many members a search on the page finds; its address holds nothing of what was asked."""
    answer = client.post("/members/search/", {"q": text, **form})
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
@pytest.mark.parametrize("text", ["M-1", MOBILE, WHO, "xiaoming", "#1"])
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
    found = client.post("/members/search/", {"q": MOBILE}).headers["Location"]
    assert browser_of(staff_of(Role.CUSTOMER_SERVICE)).get(found).status_code == 400
    assert client.get(found + "x").status_code == 400


def test_what_a_search_was_granted_ends_with_the_working_day(wang, settings):
    client = browser_of(staff_of(Role.CUSTOMER_SERVICE))
    found = client.post("/members/search/", {"q": MOBILE}).headers["Location"]
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
    assert b"M-2" in b"".join(client.post(page.context_data["export_address"]).streaming_content)
