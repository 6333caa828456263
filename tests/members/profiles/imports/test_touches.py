"""Touches, risk assessments, signals: what they bring to a member besides themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.db import connection, transaction

from members.profiles.models import Identity, Member, Touch
from tests.crm.imports.files import NOW, first, take
from tests.crm.runtime.queue.steps import until, waits_for_a_lock

pytestmark = pytest.mark.django_db

HEAD = "touch_id,at,channel,visitor_id,member_id\n"


@pytest.mark.parametrize("source", ["", "web"])
def test_a_visitor_who_registers_brings_along_the_touches_before(tmp_path, source):
    take(tmp_path, "touches", HEAD + "t1,2026-01-01T08:00,app,v1,\nt2,2026-02-01,app,v2,\n", source=source)
    take(tmp_path, "members", "member_id,registered_at\nU1,2026-03-01\n", source=source)
    take(tmp_path, "touches", HEAD + "t3,2026-03-01,app,v1,U1\nt4,2026-02-15,app,v1,\n", source=source)
    member = Member.objects.get()
    prefix = f"{source}:" if source else ""
    assert set(Touch.objects.filter(member=member).values_list("id", flat=True)) == {
        prefix + name for name in ("t1", "t3", "t4")
    }
    assert member.known_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert Identity.objects.get(kind="visitor").value == "v1"
    take(tmp_path, "touches", HEAD + "t5,2025-12-31,web,v1,\n", source=source)
    member.refresh_from_db()
    assert member.known_at == datetime(2025, 12, 30, 16, tzinfo=UTC)


def test_a_visitor_belongs_to_one_member(tmp_path):
    take(tmp_path, "members", "member_id\nU1\nU2\n")
    take(tmp_path, "touches", HEAD + "t1,2026-01-01,app,v1,U1\n")
    assert first(take(tmp_path, "touches", HEAD + "t2,2026-01-01,app,v1,U2\n")) == (
        2,
        "visitor_id",
        "belongs to another member",
    )
    result = take(tmp_path, "touches", HEAD + "t3,2026-01-01,app,v9,U2\nt4,2026-01-01,app,v9,U1\n")
    assert first(result) == (3, "visitor_id", "belongs to another member")
    assert Identity.objects.get(value="v9").member.identities.filter(value="U2").exists()


def test_another_source_has_visitors_of_its_own(tmp_path):
    take(tmp_path, "touches", HEAD + "t1,2026-01-01,app,v1,\n", source="one")
    take(tmp_path, "members", "member_id\nU1\n", source="two")
    take(tmp_path, "touches", HEAD + "t1,2026-02-01,app,v1,U1\n", source="two")
    assert Touch.objects.get(id="one:t1").member is None
    assert Member.objects.get().known_at == datetime(2026, 1, 31, 16, tzinfo=UTC)


def test_touches_given_again_change_nothing(tmp_path):
    take(tmp_path, "members", "member_id\nU1\n")
    content = HEAD + "t1,2026-01-01,app,v1,\nt2,2026-01-02,app,v1,U1\n"
    take(tmp_path, "touches", content)
    again = take(tmp_path, "touches", content)
    assert (again.added, again.updated, again.unchanged) == (0, 0, 2)
    assert Touch.objects.filter(member=None).count() == 0


def test_the_latest_assessment_is_the_risk_class(tmp_path):
    take(tmp_path, "members", "member_id\nU1\nU2\n")
    head = "member_id,assessed_on,risk_class\n"
    take(tmp_path, "risk_assessments", head + "U1,2026-01-01,C2\nU1,2026-03-01,C4\nU1,2026-02-01,C3\n")
    take(tmp_path, "risk_assessments", head + "U1,2025-01-01,C1\n")
    member = Member.objects.get(identities__value="U1")
    assert (member.risk_class, member.risk_assessed_on) == ("C4", date(2026, 3, 1))
    assert Member.objects.get(identities__value="U2").updated_at == NOW


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("named_first", [True, False])
def test_touches_that_arrive_while_their_visitor_registers_have_an_owner(tmp_path, named_first):
    """Two loads at once, of which neither sees the rows of the other: the second waits for the first."""
    take(tmp_path, "members", "member_id\nU1\n")
    loads = [HEAD + "t1,2026-01-02,app,v1,\n", HEAD + "t2,2026-01-01,app,v1,U1\n"]
    first_load, second_load = loads[::-1] if named_first else loads
    (other := tmp_path / "other").mkdir()
    second = Thread(target=lambda: (take(other, "touches", second_load), connection.close()))
    with transaction.atomic():
        take(tmp_path, "touches", first_load)
        second.start()
        until(waits_for_a_lock)
    second.join(60)
    assert Touch.objects.filter(member=Member.objects.get()).count() == 2
