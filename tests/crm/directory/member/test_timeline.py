"""The timeline: everything in its place, narrowed by kind and day, each row once while rows arrive."""

from datetime import date, timedelta

import pytest
from django.db import connection

from crm.directory.member.timeline.fold import fold
from crm.directory.member.timeline.read import TimelineFilters, read_timeline
from crm.runtime.clock import day_of, day_start
from crm.staff.models import Role
from members.lifecycle.models import Warning
from members.portfolio.models import Category, Product, SavingPlan, Transaction
from members.profiles.models import Channel, Event, RiskAssessment, Signal, Touch
from members.profiles.timeline.registry import kinds
from tests.crm.cast import NOW, browser_of, member, move, staff_of

TODAY = day_of(NOW)
# Kinds of which the apps that have them test their own.
TESTED_ELSEWHERE = {"segment", "tier", "benefit", "incentive", "questionnaire", "message"}


def events(row, numbers, at=NOW) -> None:
    Event.objects.bulk_create(
        Event(member=row, id=f"app:{number:03}", at=at - timedelta(hours=number), name=f"step{number:03}")
        for number in numbers
    )


def test_everything_that_happened_is_there_newest_first(world):
    staff = staff_of(Role.COMPLIANCE)
    row = member(manager=staff_of(Role.RELATIONSHIP_MANAGER), registered_at=NOW - timedelta(days=200))
    channel = Channel.objects.create(code="ads", name="信息流")
    Transaction.objects.create(member=row, id="bank:T1", at=NOW - timedelta(days=1), kind="buy", amount=7)
    Event.objects.create(member=row, id="E1", at=NOW - timedelta(days=2), name="login")
    Signal.objects.create(member=row, id="s", at=NOW - timedelta(days=3), kind="complaint", detail="慢")
    Signal.objects.create(member=row, id="c", at=NOW - timedelta(days=3, hours=1), kind="closing_request")
    Touch.objects.create(id="t", member=row, at=NOW - timedelta(days=4), channel=channel)
    move(row, "growth", "decline", NOW - timedelta(days=5), inputs={"rules": 1, "active_on": "2026-01-10"})
    move(row, "growth", "maturity", NOW - timedelta(days=6), superseded_at=NOW)
    Warning.objects.create(
        member=row,
        kind="idle",
        raised_at=NOW - timedelta(days=7),
        recorded_at=NOW,
        policy_version=1,
        evidence={"idle_days": 31},
    )
    RiskAssessment.objects.create(member=row, assessed_on=TODAY - timedelta(days=8), risk_class="C3")
    SavingPlan.objects.create(
        member=row,
        id="bank:P",
        amount=5,
        every="week",
        started_on=TODAY - timedelta(days=10),
        ended_on=TODAY - timedelta(days=9),
    )
    found = read_timeline(row.id, staff, NOW).rows
    assert [entry.label for entry in found] == [
        "Buy",
        "Login",
        "Complaint received",
        "Account closure request",
        "Touchpoint: 信息流",
        "Growth → Decline",
        "Warning: Inactivity",
        "Risk assessment",
        "Savings plan ended",
        "Savings plan started",
        "Relationship manager assigned",
        "Registered",
        "First contact",
    ]
    assert found[0].origin == "bank T1"
    assert found[1].origin == ""
    assert found[5].detail == "No login or trade since 10 Jan 2026"
    assert {entry.source for entry in found} == set(kinds()) - TESTED_ELSEWHERE


def test_days_and_kinds_narrow_it(world):
    staff, row = staff_of(Role.COMPLIANCE), member()
    events(row, range(0, 24 * 10, 12))
    Transaction.objects.create(member=row, id="T1", at=NOW - timedelta(days=3), kind="buy", amount=7)
    day = TODAY - timedelta(days=3)
    found = read_timeline(row.id, staff, NOW, TimelineFilters("", day, day)).rows
    assert {day_of(entry.at) for entry in found} == {day}
    assert {entry.source for entry in found} == {"event", "transaction"}
    assert len(read_timeline(row.id, staff, NOW, TimelineFilters("transaction", day, day)).rows) == 1
    assert read_timeline(row.id, staff, NOW, TimelineFilters("touch", day, day)).rows == []
    assert read_timeline(row.id, staff, NOW, TimelineFilters("", date(2030, 1, 1))).rows == []


def test_each_row_comes_once_while_others_arrive(world):
    staff, row = staff_of(Role.COMPLIANCE), member()
    events(row, range(0, 100, 2))
    seen, after, pages = [], "", 0
    while True:
        page = read_timeline(row.id, staff, NOW, TimelineFilters("event"), after=after, size=10)
        seen += [entry.label for entry in page.rows]
        # Newer ones, one just behind the reader, and one already passed arrive between two pages.
        events(row, [200 + pages], NOW + timedelta(hours=205))
        events(row, [99 - 2 * pages])
        events(row, [2 * pages + 1])
        after, pages = page.next, pages + 1
        if not after:
            break
    assert len(seen) == len(set(seen))
    assert set(seen) >= {f"step{number:03}" for number in range(0, 100, 2)}


def test_what_is_still_to_come_is_not_shown(world):
    staff, row = staff_of(Role.COMPLIANCE), member()
    events(row, [-5, 5])
    assert [entry.label for entry in read_timeline(row.id, staff, NOW, TimelineFilters("event")).rows] == [
        "step005"
    ]


def test_an_expired_session_in_the_panel_moves_the_whole_page_to_the_door(world, client):
    row = member()
    answer = client.get(
        f"/members/{row.id}/timeline/?after=x",
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver/members/{row.id}/?tab=timeline"},
    )
    assert answer.headers["HX-Redirect"] == f"/sign-in/?next=/members/{row.id}/%3Ftab%3Dtimeline"
    assert answer.content == b""


@pytest.mark.parametrize(("role", "origin"), [(Role.COMPLIANCE, "bank T-88"), (Role.ANALYST, "bank")])
def test_ids_of_other_systems_are_for_those_who_may_see_them(world, role, origin):
    row = member()
    Transaction.objects.create(member=row, id="bank:T-88", at=NOW, kind="buy", amount=7)
    page = browser_of(staff_of(role)).get(f"/members/{row.id}/?tab=timeline").content.decode()
    assert f'<small class="from">{origin}</small>' in page


def test_the_next_page_keeps_what_was_asked(world):
    row = member()
    events(row, range(90))
    client = browser_of(staff_of(Role.COMPLIANCE))
    first = client.get(
        f"/members/{row.id}/timeline/",
        {"source": "event", "since": "2026-01-01"},
        headers={"HX-Request": "true"},
    ).content.decode()
    link = next(line for line in first.split('"') if "after=" in line)
    assert "source=event" in link
    assert "since=2026-01-01" in link
    more = client.get(link.replace("&amp;", "&"), headers={"HX-Request": "true"}).content.decode()
    assert first.count("<li data-source") + more.count("<li data-source") == 90


def test_a_page_ends_with_a_day_unless_one_day_fills_it(world):
    staff, row = staff_of(Role.COMPLIANCE), member()
    events(row, range(72))
    seen, after = [], ""
    while True:
        page = read_timeline(row.id, staff, NOW, after=after, size=30, whole_days=True)
        seen.append([day_of(entry.at) for entry in page.rows])
        if not (after := page.next):
            break
    assert sum(map(len, seen)) == 72 + 2  # registered, and known
    assert all(not set(one) & set(other) for one, other in zip(seen, seen[1:], strict=False))
    one_day = read_timeline(row.id, staff, NOW, after="", size=4, whole_days=True)
    assert len(one_day.rows) == 4


class TestFolding:
    def logins(self, row, many, at=NOW - timedelta(days=2)):
        Event.objects.bulk_create(
            Event(member=row, id=f"login {number}", at=at - timedelta(minutes=number), name="login")
            for number in range(many)
        )

    def lines(self, row):
        days = fold(read_timeline(row.id, staff_of(Role.COMPLIANCE), NOW).rows)
        return [line.words or line.entry.label for line in days[0].lines]

    def test_what_happened_often_on_a_day_is_one_line_that_opens(self, world):
        row = member(registered_at=NOW - timedelta(days=200))
        self.logins(row, 12)
        assert self.lines(row) == ["12 logins"]
        page = browser_of(staff_of(Role.COMPLIANCE)).get(f"/members/{row.id}/?tab=timeline").content.decode()
        assert "12 logins" in page and "<details" in page

    def test_few_stand_by_themselves_and_money_always_does(self, world):
        row = member(registered_at=NOW - timedelta(days=200))
        self.logins(row, 1)
        for number in range(4):
            at = NOW - timedelta(days=2, hours=number)
            Transaction.objects.create(member=row, id=f"T{number}", at=at, kind="buy", amount=7)
        assert sorted(self.lines(row)) == ["Buy"] * 4 + ["Login"]

    def test_days_are_those_of_the_platform(self, world):
        row = member(registered_at=NOW - timedelta(days=200))
        midnight = day_start(TODAY - timedelta(days=1))
        self.logins(row, 5, midnight + timedelta(minutes=1))  # two after midnight, three before it
        assert self.lines(row) == ["2 logins"]


@pytest.mark.parametrize(
    ("name", "properties", "words"),
    [
        ("page", {"path": "/products/P1"}, ("Viewed product 天天利", "")),
        ("page_view", {"url": "https://app.example.com/product/P1?from=home"}, ("Viewed product 天天利", "")),
        ("page:/product/P1", None, ("Viewed product 天天利", "")),
        ("page", {"path": "/fund/P1", "device": "ios"}, ("Viewed product 天天利", "iOS")),
        ("page", {"path": "/assets/"}, ("Viewed own assets", "")),
        ("page", {"path": "/products/P2"}, ("Page view", "/products/P2")),
        ("page", {"page": "/campaigns/7"}, ("Page view", "/campaigns/7")),
        ("page", None, ("Page view", "")),
    ],
)
def test_addresses_of_pages_are_told_in_words(world, name, properties, words):
    category = Category.objects.create(code="cash", name="Cash")
    Product.objects.create(code="P1", name="天天利", category=category, risk="R1", regime="FS")
    row = member()
    Event.objects.create(member=row, id="e", at=NOW - timedelta(days=1), name=name, properties=properties)
    (entry,) = read_timeline(row.id, staff_of(Role.COMPLIANCE), NOW, TimelineFilters("event")).rows
    assert (entry.label, entry.detail) == words
    (hidden,) = read_timeline(row.id, staff_of(Role.OPERATIONS), NOW, TimelineFilters("event")).rows
    assert "天天利" not in hidden.label + hidden.detail


def test_sources_are_shown_to_whoever_chose_so(world):
    row, staff = member(), staff_of(Role.COMPLIANCE)
    client, address = browser_of(staff), f"/members/{row.id}/?tab=timeline"
    assert "without-sources" in client.get(address).content.decode()
    answer = client.post("/members/sources/", {"shown": "1", "next": address})
    assert answer.headers["Location"] == address
    assert "without-sources" not in client.get(address).content.decode()
    assert "without-sources" in browser_of(staff_of(Role.COMPLIANCE)).get(address).content.decode()
    client.post("/members/sources/", {"shown": "0", "next": "https://elsewhere.example/"})
    assert "without-sources" in client.get(address).content.decode()


@pytest.mark.parametrize(
    "properties",
    ['{"a": 1e5000}', '{"a": ' + "9" * 5000 + "}", '{"a": ' + "[" * 3000 + "]" * 3000 + "}", "[1]", '"x"'],
)
def test_properties_that_nothing_but_the_database_can_read_are_shown_as_text(world, properties):
    row = member(manager=staff_of(Role.RELATIONSHIP_MANAGER), registered_at=NOW - timedelta(days=9))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO profiles_event (member_id, id, at, name, properties)"
            " VALUES (%s, 'e', %s, 'login', %s)",
            [row.id, NOW, properties],
        )
    compliance = staff_of(Role.COMPLIANCE)
    (entry,) = read_timeline(row.id, compliance, NOW, TimelineFilters("event")).rows
    assert len(entry.detail) <= 200
    assert browser_of(compliance).get(f"/members/{row.id}/?tab=timeline").status_code == 200
