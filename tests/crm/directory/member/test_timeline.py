"""The timeline: everything in its place, narrowed by kind and day, each row once while rows arrive."""

from datetime import date, timedelta

import pytest
from django.db import connection

from crm.directory.member.timeline import TimelineFilters, read_timeline
from crm.runtime.clock import day_of
from crm.staff.models import Role
from members.lifecycle.models import Warning
from members.portfolio.models import SavingPlan, Transaction
from members.profiles.models import Channel, Event, RiskAssessment, Signal, Touch
from members.profiles.timeline.registry import kinds
from tests.crm.cast import NOW, browser_of, member, move, staff_of

TODAY = day_of(NOW)


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
    assert found[4].detail == "No login or trade since 10 Jan 2026"
    assert {entry.source for entry in found} == set(kinds())


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
    events(row, range(40))
    client = browser_of(staff_of(Role.COMPLIANCE))
    part = client.get(
        f"/members/{row.id}/timeline/",
        {"source": "event", "since": "2026-01-01"},
        headers={"HX-Request": "true"},
    )
    link = next(line for line in part.content.decode().split('"') if "after=" in line)
    assert "source=event" in link
    assert "since=2026-01-01" in link
    more = client.get(link.replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert more.content.decode().count("<li data-source") == 10


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
