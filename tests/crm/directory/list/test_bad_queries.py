"""The panel beside the list, and what the list refuses in words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.directory.list import list_members
from crm.staff.models import Role
from members.lifecycle.models import Policy
from members.profiles.models import Signal
from tests.crm.cast import NOW, browser_of, member, staff_of

HTMX = {"HX-Request": "true"}
SORTS = ("aum", "-aum", "stage_since", "registered_at", "next_change")


@pytest.fixture
def operations(world):
    return browser_of(staff_of(Role.OPERATIONS))


def test_the_panel_shows_stage_reason_and_latest_and_only_of_whom_one_may_see(world):
    Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine, other = member("张一", manager=manager), member("李二")
    Signal.objects.create(
        member=mine, id="s1", at=NOW - timedelta(days=2), kind="complaint", detail="等了太久"
    )
    client = browser_of(manager)
    part = client.get(f"/members/{mine.pk}/peek/?at=2&of=40", headers=HTMX).content.decode()
    assert "<html" not in part
    assert all(text in part for text in ("张一", "2 of 40", "等了太久", f"/members/{mine.pk}/"))
    large = client.get(f"/members/{mine.pk}/peek/?at=2&of=1502", headers=HTMX)
    assert "2 of 1,502" in large.content.decode()
    assert "<html" in client.get(f"/members/{mine.pk}/peek/?at=x&of=<script>").content.decode()
    assert client.get(f"/members/{other.pk}/peek/").status_code == 404
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/members/{mine.pk}/peek/", headers=HTMX)
    assert len(queries) <= 10


IMPOSSIBLE = (
    ("aum_min=abc", "Minimum assets"),
    ("aum_min=-1", "Minimum assets"),
    ("aum_min=1,00", "Minimum assets"),
    ("aum_min=1e400", "Minimum assets"),
    ("aum_max=99999999999999999999999", "Maximum assets"),
    ("aum_min=NaN", "Minimum assets"),
    ("aum_min=9&aum_max=1", "is greater than"),
    ("registered_from=2026-02-30", "Registered on or after"),
    ("registered_from=0001-01-01", "Registered on or after"),
    ("registered_from=2026-03-02&registered_to=2026-03-01", "is greater than"),
    ("idle_days=0", "No login for"),
    ("idle_days=²", "No login for"),
    ("due_days=99999", "Expected change within"),
    ("risk=C9", "Risk class"),
    ("manager=x", "Relationship manager"),
    ("manager=" + "9" * 40, "Relationship manager"),
    ("region=%00", "Region"),
    ("channel=" + "x" * 500, "Channel"),
    ("stage=%00", "Stage"),
    ("sort=shoes", "Sort by"),
)


def test_a_value_that_cannot_be_names_its_field(operations):
    for query, words in IMPOSSIBLE:
        answer = operations.get(f"/members/?{query}")
        assert answer.status_code == 400, query
        page = answer.content.decode()
        assert words in page, query
        assert 'id="members"' in page and 'id="f-aum_min"' in page, query
        assert "after=" not in page


def test_a_mistake_is_told_above_the_list_that_all_else_still_filters(operations):
    member(aum=300_000)
    answer = operations.get("/members/?aum_min=-5&idle_days=-3&sort=zzz&stage=growth&cols=aum")
    page = answer.content.decode()
    assert answer.context_data["mistakes"] == [
        "Minimum assets: “-5” is not valid. Enter an amount of 0 or more, such as 200k.",
        "No login for: “-3” is not valid. Enter a whole number of days from 1 to 3660.",
        "Sort by: “zzz” is not valid.",
    ]
    assert 'value="-5"' in page and 'value="-3"' in page
    assert len(answer.context_data["page"].rows) == 1
    chips = [(chip["label"], chip["address"]) for chip in answer.context_data["chips"]]
    assert chips == [("Stage", "?cols=aum")]
    part = operations.get("/members/?aum_min=5&aum_max=1", headers=HTMX)
    assert part.status_code == 422  # htmx puts it in place of the list
    assert "is greater than" in part.content.decode() and "<html" not in part.content.decode()
    assert part.headers["HX-Push-Url"] == "/members/?"


def test_only_what_has_to_be_corrected_opens_the_other_filters(operations):
    """What is filtered by stands above the rows: an open panel would push them out of sight."""
    assert '<details class="further" open>' not in operations.get("/members/?aum_min=5").content.decode()
    assert '<details class="further" open>' in operations.get("/members/?aum_min=-5").content.decode()


def test_a_cursor_of_another_order_is_refused(operations, monkeypatch):
    monkeypatch.setattr(list_members, "SIZE", 2)
    for number in range(4):
        member(since=NOW - timedelta(days=number))
    for sort in SORTS:
        after = operations.get("/members/", {"sort": sort}).context_data["page"].next
        for other in SORTS:
            answer = operations.get("/members/", {"sort": other, "after": after})
            assert answer.status_code == (200 if other == sort else 400)
        assert operations.get("/members/", {"q": "王", "after": after}).status_code == 400
        assert operations.get("/members/", {"sort": sort, "after": after[:-3]}).status_code == 400


@pytest.mark.parametrize(
    "query",
    ["stage=x", "stage=growth'--", "sub_state=%00", "warning=zz", "sort=name", "sort=mobile", "after=%%%",
     "after=WzFd", "after=" + "A" * 9000, "after=%00", "stage=growth&sort=since&after=WyIxIiwiMSJd"],
)  # fmt: skip
def test_hostile_parameters_are_refused_in_words(operations, query):
    member()
    answer = operations.get(f"/members/?{query}")
    assert answer.status_code == 400
    words = "Invalid request" if "after=" in query else "is not valid"
    assert words in answer.content.decode()


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


def test_a_manager_filter_is_not_for_managers(world):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    member("张一", manager=manager)
    page = browser_of(manager).get(f"/members/?manager={manager.pk}&foo=1&after=")
    assert page.status_code == 200
    assert page.context_data["left_out"] == ["foo", "manager"]
    assert b'name="manager"' not in page.content
    assert page.context_data["offers"].managers == []
