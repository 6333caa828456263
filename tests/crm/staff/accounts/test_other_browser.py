"""A session that is suddenly used from another browser leaves a row in the account's log."""

import pytest
from django.test import Client

from crm.staff.models import AccountChange, Role
from tests.crm.cast import staff_of

CHROME = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def ann(db):
    person = staff_of(Role.COMPLIANCE, language="en")
    person.set_password("long enough for anybody 7")
    person.save()
    return person


@pytest.fixture
def browser(ann):
    client = Client(headers={"User-Agent": CHROME})
    client.post("/sign-in/", {"username": ann.username, "password": "long enough for anybody 7"})
    assert client.get("/account/").status_code == 200
    return client


def log_of(person) -> list[tuple[str, str, str]]:
    rows = AccountChange.objects.filter(staff=person).order_by("id")
    return list(rows.values_list("kind", "before", "after"))


def stolen(browser, agent) -> Client:
    """The same cookie in another browser."""
    thief = Client(headers={"User-Agent": agent})
    thief.cookies["sessionid"] = browser.cookies["sessionid"].value
    return thief


def test_the_same_browser_is_nothing_to_write_down(ann, browser):
    browser.get("/account/")
    assert log_of(ann) == []


def test_another_browser_is_written_down_once(ann, browser):
    thief = stolen(browser, FIREFOX)
    for _ in range(3):
        assert thief.get("/account/").status_code == 200
        assert browser.get("/account/").status_code == 200
    assert log_of(ann) == [("other_browser", "Chrome · Windows", "Firefox · Linux")]


def test_a_session_used_from_many_browsers_ends(ann, browser):
    seen = [stolen(browser, f"curl/{number}").get("/account/").status_code for number in range(4)]
    assert seen == [200, 200, 200, 302]
    assert browser.get("/account/").status_code == 302
    assert len(log_of(ann)) == 4
