"""Who may record a new normal, for whom, and what it marks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from crm.staff.models import Role, Staff, Team
from members.lifecycle.evaluation import bits
from members.lifecycle.models import Dirty, NewNormal, Standing
from members.lifecycle.new_normal import NewNormalRefused, Refusal, record_new_normal
from members.profiles.book import assign
from tests.members.lifecycle import tables
from tests.members.lifecycle.tables import instant, live

pytestmark = pytest.mark.django_db
NOW = instant("2024-05-10T12:00:00+08:00")
EARLIER = instant("2024-05-01T12:00:00+08:00")


@pytest.fixture
def manager():
    return Staff.objects.create(username="rm", role=Role.RELATIONSHIP_MANAGER)


@pytest.fixture
def fallen(manager):
    """A member of the manager's book whose assets fell from 100 to 40."""
    (member,) = tables.put_members([live("2024-01-01T10:00:00+08:00", None)])
    assign(member_ids=[member], staff=manager, reason="first", now=EARLIER)
    Standing.objects.filter(pk=member).update(rules=bits.AUM_FALL, aum=40, peak_aum=100)
    Dirty.objects.all().delete()
    return member


def record(member: int, staff: Staff, reason: str = "bought a flat") -> NewNormal:
    return record_new_normal(member_id=member, reason=reason, staff=staff, now=NOW)


def test_the_manager_of_a_member_records_it_and_marks_the_member(fallen, manager):
    row = record(fallen, manager, "  bought a flat ")
    assert (row.reason, row.recorded_by, row.at) == ("bought a flat", manager, NOW)
    assert (row.aum, row.peak_aum) == (40, 100)
    assert list(Dirty.objects.values_list("member_id", "since", "until")) == [(fallen, NOW, NOW)]


def test_the_lead_of_the_team_may_too(fallen, manager):
    team = Team.objects.create(name="East")
    Staff.objects.filter(pk=manager.pk).update(team=team)
    record(fallen, Staff.objects.create(username="lead", role=Role.TEAM_LEAD, team=team))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TEAM_LEAD}))
def test_nobody_else_may(fallen, role):
    with pytest.raises(PermissionDenied):
        record(fallen, Staff.objects.create(username="other", role=role))
    assert not NewNormal.objects.exists()


@pytest.mark.parametrize(
    ("reason", "rules", "code"), [(" ", bits.AUM_FALL, Refusal.NO_REASON), ("why", 0, Refusal.NO_FALL)]
)
def test_it_needs_a_reason_and_a_fall(fallen, manager, reason, rules, code):
    Standing.objects.filter(pk=fallen).update(rules=rules)
    with pytest.raises(NewNormalRefused) as refused:
        record(fallen, manager, reason)
    assert refused.value.code == code


def test_a_form_sent_twice_records_one(fallen, manager):
    """The fall stays until the member is evaluated again, some seconds later."""
    which = {"member_id": fallen, "reason": "bought a flat", "staff": manager}
    record_new_normal(**which, now=NOW)
    with pytest.raises(NewNormalRefused) as refused:
        record_new_normal(**which, now=NOW + timedelta(seconds=2))
    assert refused.value.code == Refusal.RECORDED
    Standing.objects.filter(pk=fallen).update(evaluated_at=NOW + timedelta(minutes=1))
    record_new_normal(**which, now=NOW + timedelta(days=90))
    assert NewNormal.objects.count() == 2


def test_a_fall_is_ended_once_and_for_good(fallen, manager):
    row = record(fallen, manager)
    with pytest.raises(NewNormalRefused):
        record(fallen, manager)
    for statement in (
        lambda: NewNormal.objects.filter(member=fallen).update(reason="other"),
        NewNormal.objects.filter(member=fallen, id=row.id).delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()
