from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from crm.staff.models import Role, Team
from members.profiles.book import assign
from members.profiles.models import Book, Member
from members.profiles.visibility import SEES_EVERYBODY, sees_everybody
from tests.crm.staff.people import NOW, staff_of
from tests.members.profiles.people import member_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return Team.objects.create(name="North")


@pytest.fixture
def cast(north):
    """Two managers of one team, one of another, and somebody nobody manages."""
    staff = {
        "ann": staff_of(Role.RELATIONSHIP_MANAGER, north),
        "bob": staff_of(Role.RELATIONSHIP_MANAGER, north),
        "cid": staff_of(Role.RELATIONSHIP_MANAGER, Team.objects.create(name="South")),
    }
    for name, manager in staff.items():
        member_with(name=f"{name}'s", manager=manager)
    member_with(name="nobody's")
    return staff


def _seen(staff):
    return sorted(Member.objects.visible_to(staff).values_list("name", flat=True))


def test_a_manager_sees_the_own_book_only(cast):
    assert _seen(cast["ann"]) == ["ann's"]


def test_a_lead_sees_the_teams_books(cast, north):
    assert _seen(staff_of(Role.TEAM_LEAD, north)) == ["ann's", "bob's"]


def test_a_lead_goes_on_seeing_the_book_of_somebody_who_left(cast, north):
    cast["ann"].is_active = False
    cast["ann"].save()
    assert _seen(staff_of(Role.TEAM_LEAD, north)) == ["ann's", "bob's"]
    assert _seen(cast["ann"]) == []


def test_a_lead_without_a_team_sees_the_own_book_only(cast):
    lead = staff_of(Role.TEAM_LEAD)
    member_with(name="lead's", manager=lead)
    assert _seen(lead) == ["lead's"]


@pytest.mark.parametrize("role", sorted(SEES_EVERYBODY))
def test_roles_for_all_members_see_all(cast, role):
    staff = staff_of(role)
    assert sees_everybody(staff)
    assert _seen(staff) == ["ann's", "bob's", "cid's", "nobody's"]


@pytest.mark.parametrize("role", Role)
def test_a_closed_account_sees_nobody(cast, north, role):
    staff = staff_of(role, north, is_active=False)
    assert not sees_everybody(staff)
    assert _seen(staff) == []


def test_a_stranger_sees_nobody(cast):
    assert not sees_everybody(AnonymousUser())
    assert _seen(AnonymousUser()) == []


def test_the_superuser_flag_shows_nobody_more(cast):
    assert _seen(staff_of(Role.RELATIONSHIP_MANAGER, is_superuser=True)) == []


def test_who_had_the_member_before_sees_it_no_more_and_nobody_sees_it_twice(cast, north):
    moved = Member.objects.get(name="ann's")
    for hours, manager in enumerate(("bob", "ann", "bob"), start=1):
        assign(member_ids=[moved.id], staff=cast[manager], reason="cover", now=NOW + timedelta(hours=hours))
    assert Book.objects.filter(member=moved).count() == 4
    assert _seen(cast["ann"]) == []
    assert _seen(cast["bob"]) == ["ann's", "bob's"]
    assert _seen(staff_of(Role.TEAM_LEAD, north)) == ["ann's", "bob's"]
