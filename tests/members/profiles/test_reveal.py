from datetime import date

import pytest

from crm.staff.models import Reveal, Role
from members.profiles.member_view import REVEALABLE
from members.profiles.models import Member
from members.profiles.reveal import NotAllowed, ReasonMissing, UnknownField, reveal
from tests.crm.staff.people import NOW, staff_of
from tests.members.profiles.people import member_with

pytestmark = pytest.mark.django_db
PLAIN = {
    "name": "张三丰",
    "mobile": "13812341234",
    "email": "sanfeng@163.com",
    "id_number": "110101199003071234",
    "address": "上海市浦东新区世纪大道100号",
    "birth_date": "1990-03-07",
}


@pytest.fixture
def manager():
    return staff_of(Role.RELATIONSHIP_MANAGER)


@pytest.fixture
def member(manager):
    return member_with(manager=manager, **PLAIN | {"birth_date": date(1990, 3, 7)})


def _reveal(staff, member, field="mobile", reason="Client asked for a call"):
    return reveal(staff=staff, member_id=member.id, field=field, reason=reason, now=NOW)


@pytest.mark.parametrize("field", sorted(REVEALABLE))
def test_the_own_manager_reads_the_value_and_leaves_a_trace(member, manager, field):
    assert _reveal(manager, member, field) == PLAIN[field]
    assert list(Reveal.objects.values_list("staff", "member_id", "field", "at")) == [
        (manager.pk, member.id, field, NOW)
    ]


def test_no_value_is_empty_and_still_on_the_record(manager):
    assert _reveal(manager, member_with(manager=manager)) == ""
    assert Reveal.objects.count() == 1


def test_somebody_elses_member_is_as_good_as_not_there(member):
    with pytest.raises(Member.DoesNotExist):
        _reveal(staff_of(Role.RELATIONSHIP_MANAGER), member)
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST])
def test_seeing_a_member_is_not_yet_a_right_to_reveal(member, role):
    with pytest.raises(NotAllowed):
        _reveal(staff_of(role), member)
    assert not Reveal.objects.exists()


def test_a_reason_is_needed(member, manager):
    with pytest.raises(ReasonMissing):
        _reveal(manager, member, reason="abc")
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("field", ["mobile_index", "id", "password", "name'--", ""])
def test_only_masked_fields_are_ever_revealed(member, manager, field):
    with pytest.raises(UnknownField):
        _reveal(manager, member, field)
