from datetime import date

import pytest

from crm.staff.models import Role, Team
from crm.staff.privacy.mask_levels import masked_value
from members.profiles.member_view import SHOWABLE, MemberView, may_sort_by, member_views
from tests.crm.staff.people import staff_of
from tests.members.profiles.people import member_with

pytestmark = pytest.mark.django_db
ALL = sorted(SHOWABLE)
PERSON = {
    "name": "张三丰",
    "mobile": "13812341234",
    "email": "sanfeng@163.com",
    "id_number": "110101199003071234",
    "address": "上海市浦东新区世纪大道100号",
    "birth_date": date(1990, 3, 7),
    "region": "上海",
    "tags": ["vip"],
}
MASKED = {
    "name": "张*",
    "mobile": "138****1234",
    "email": "s***@163.com",
    "id_number": "****123*",
    "address": "上海市浦东新区***",
    "birth_date": "1990",
}


@pytest.fixture
def team():
    return Team.objects.create(name="North")


@pytest.fixture
def manager(team):
    return staff_of(Role.RELATIONSHIP_MANAGER, team)


@pytest.fixture
def member(manager):
    return member_with(manager=manager, **PERSON)


def _shown(view):
    return {field: getattr(view, field) for field in MASKED}


def _present(member, staff, fields=ALL):
    return member_views([member.id], staff=staff, fields=fields)


def test_the_own_manager_sees_the_name_and_the_rest_masked(member, manager):
    (view,) = _present(member, manager)
    assert view.own
    assert _shown(view) == MASKED | {"name": "张三丰"}
    assert view.masked == view.revealable == set(MASKED) - {"name"}


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RELATIONSHIP_MANAGER, Role.ANALYST}))
def test_everybody_else_sees_masks(member, team, role):
    (view,) = _present(member, staff_of(role, team))
    assert not view.own
    assert _shown(view) == MASKED
    assert (view.region, view.tags) == ("上海", ("vip",))
    reveals = role not in {Role.OPERATIONS, Role.ADMINISTRATOR}
    assert view.revealable == (set(MASKED) if reveals else set())


def test_an_analyst_sees_a_number_instead_of_a_person(member):
    (view,) = _present(member, staff_of(Role.ANALYST))
    assert _shown(view) == dict.fromkeys(MASKED, "") | {"name": f"#{member.id}"}
    assert (view.masked, view.revealable, view.region) == (frozenset(), frozenset(), "上海")


def test_nothing_of_the_person_is_anywhere_in_what_others_get(member, team):
    secrets = [str(value) for field, value in PERSON.items() if field in MASKED]
    for role in set(Role) - {Role.RELATIONSHIP_MANAGER}:
        text = repr(_present(member, staff_of(role, team)))
        assert not [secret for secret in secrets if secret in text]


def test_members_out_of_sight_are_left_out_and_order_is_kept(member, manager):
    other, mine = member_with(name="李四"), member_with(name="王五", manager=manager)
    assert [view.id for view in member_views([mine.id, other.id, member.id, mine.id], staff=manager)] == [
        mine.id,
        member.id,
    ]
    assert member_views([member.id], staff=staff_of(Role.RELATIONSHIP_MANAGER)) == []


def test_only_what_was_asked_for_is_there(member, manager):
    (view,) = _present(member, manager, fields=["mobile"])
    assert view == MemberView(
        id=member.id, number=f"#{member.id}", own=True, name=f"#{member.id}", mobile="138****1234",
        masked=frozenset({"mobile"}), revealable=frozenset({"mobile"}),
    )  # fmt: skip
    with pytest.raises(ValueError, match="mobile_index"):
        _present(member, manager, fields=["name", "mobile_index"])


def test_absent_values_are_empty_and_nobody_is_without_a_name():
    member = member_with()
    (view,) = _present(member, staff_of(Role.COMPLIANCE))
    assert _shown(view) == dict.fromkeys(MASKED, "") | {"name": f"#{member.id}"}
    assert not view.masked


def test_sixty_members_cost_the_one_query_that_three_cost(manager, django_assert_num_queries):
    ids = [member_with(manager=manager, **PERSON).id for _ in range(60)]
    for count in (3, 60):
        with django_assert_num_queries(1):
            assert len(member_views(ids[:count], staff=manager, fields=ALL)) == count


@pytest.mark.parametrize(
    ("kind", "role", "shown"),
    [
        ("text", Role.RELATIONSHIP_MANAGER, "call after six"),
        ("text", Role.OPERATIONS, "***"),
        ("text", Role.ANALYST, ""),
        ("outside_id", Role.OPERATIONS, "call after six"),
        ("outside_id", Role.ANALYST, ""),
        ("money", Role.ANALYST, "call after six"),
        ("never", Role.COMPLIANCE, ""),
    ],
)
def test_single_values_follow_the_same_table(kind, role, shown):
    assert masked_value(kind, "call after six", staff_of(role)) == shown


def test_lists_are_not_arranged_by_what_is_masked():
    service, manager = staff_of(Role.CUSTOMER_SERVICE), staff_of(Role.RELATIONSHIP_MANAGER)
    assert may_sort_by("region", service)
    assert may_sort_by("name", manager)
    for field in MASKED:
        assert not may_sort_by(field, service)
    for field in (*MASKED, "mobile_index"):
        assert not may_sort_by(field, staff_of(Role.ANALYST))
    assert not may_sort_by("mobile", manager)
