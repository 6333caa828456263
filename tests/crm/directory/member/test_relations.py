"""Household, referrer and referred members: each kind has its own bound, and its count is true."""

import pytest

from crm.directory.member.relations import SHOWN, relations_of
from crm.staff.models import Role
from members.profiles.models import Household, Member
from tests.crm.cast import browser_of, member, staff_of

pytestmark = pytest.mark.django_db


def add(**fields) -> Member:
    row = member()
    Member.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


@pytest.fixture
def somebody() -> Member:
    """Referred fifty members, all before the household and the referrer came."""
    row = member("王小明")
    for _ in range(50):
        add(referrer=row)
    home, referrer = Household.objects.create(), member("赵六")
    for _ in range(3):
        add(household=home)
    return add_to(row, household=home, referrer=referrer)


def add_to(row: Member, **fields) -> Member:
    Member.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()
    return row


def test_many_referred_members_hide_nobody(somebody, django_assert_num_queries):
    reader = staff_of(Role.COMPLIANCE)
    with django_assert_num_queries(2):
        found = relations_of(somebody, reader)
    assert (len(found.household), found.household.total) == (3, 3)
    assert found.referrer is not None and not found.unseen_referrer
    assert (len(found.referred), found.referred.total, found.referred.cut) == (SHOWN, 50, True)


def test_somebody_of_the_household_may_also_be_referred(somebody):
    one = Member.objects.filter(household=somebody.household).exclude(pk=somebody.pk).first()
    add_to(one, referrer=somebody)
    found = relations_of(somebody, staff_of(Role.COMPLIANCE))
    assert one.pk in {relative.view.id for relative in found.household}
    assert found.referred.total == 51


def test_only_a_referrer_who_is_out_of_sight_is_said_to_be(somebody):
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    found = relations_of(somebody, manager)
    assert (found.unseen_referrer, found.referrer) == (True, None)
    assert (found.household.total, found.referred.total) == (0, 0)
    alone = member("孙七")
    assert not relations_of(alone, manager).unseen_referrer


def test_the_page_says_how_many_there_are(somebody):
    page = browser_of(staff_of(Role.COMPLIANCE)).get(f"/members/{somebody.pk}/?tab=person").content.decode()
    assert "20 of 50" in " ".join(page.split())
    assert "do not have access" not in page
