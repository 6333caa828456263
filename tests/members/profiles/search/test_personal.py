"""A masked value cannot be asked for: who may search by it, how often, and what stays on record."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.runtime.secrets.crypto import decrypt
from crm.staff.models import Reveal, Role, Team
from crm.staff.permissions import NotAllowed
from crm.staff.privacy import access_log
from crm.staff.privacy.access_log import ReasonMissing, TooManySearches
from crm.staff.privacy.export_log import TERM
from members.profiles.models import Member
from members.profiles.search.personal import asked_field, grant, needs_purpose
from members.profiles.search.search_members import search_condition, search_members
from tests.crm.staff.people import NOW, staff_of
from tests.members.profiles.people import member_with
from tests.members.profiles.search.test_search_members import ZHANG

pytestmark = pytest.mark.django_db
NARROWER = [
    "张三", "张三丰", "三", "丰", "zhang", "zhangs", "zhang san", "zsf", "z", "sanfeng", "A10", "a1007",
    "13812341234", "+86 138 1234 1234", "11010119900307002X", "sanfeng@163.com",
]  # fmt: skip
MASKED = [Role.TEAM_LEAD, Role.CUSTOMER_SERVICE, Role.COMPLIANCE, Role.OPERATIONS, Role.ADMINISTRATOR]


def person(role: Role, member: Member | None = None):
    """Somebody who sees the member."""
    if role != Role.TEAM_LEAD:
        return staff_of(role)
    team = Team.objects.create(name="North")
    manager = staff_of(Role.RELATIONSHIP_MANAGER, team)
    if member:
        member.book_rows.create(staff=manager, started_at=NOW)
    return staff_of(Role.TEAM_LEAD, team)


@pytest.fixture
def zhang():
    return member_with(**ZHANG)


@pytest.mark.parametrize("role", MASKED)
def test_without_a_log_entry_a_search_tells_no_more_than_the_masks(zhang, role):
    staff = person(role, zhang)
    for text in NARROWER:
        assert search_members(text, staff) == [], text
        assert not Member.objects.filter(search_condition(text, staff)).exists(), text
    for text in ("张", f"#{zhang.id}", "A1007"):
        assert search_members(text, staff) == [zhang.id], text
        assert Member.objects.filter(search_condition(text, staff)).get() == zhang


@pytest.mark.parametrize("role", [Role.OPERATIONS, Role.ADMINISTRATOR, Role.ANALYST])
def test_who_may_not_reveal_is_granted_nothing_and_told_nothing(zhang, role):
    staff = staff_of(role)
    for text in NARROWER:
        assert search_members(text, staff, granted=True) == [], text
    with pytest.raises(NotAllowed):
        grant("13812341234", "mobile", staff=staff, purpose="to look", now=NOW)
    assert not Reveal.objects.exists()


def test_a_family_name_is_no_part_of_a_given_name(zhang):
    other = member_with(name="李王", terms=("李王", "王"))
    assert search_members("王", staff_of(Role.OPERATIONS)) == []
    assert search_members("李", staff_of(Role.OPERATIONS)) == [other.id]


def test_hits_of_a_family_name_come_by_number_not_by_name():
    rows = [member_with(name=name, terms=(name,)) for name in ("张丙", "张甲", "张乙")]
    staff = staff_of(Role.OPERATIONS)
    assert search_members("张", staff, 2) == [rows[0].id, rows[1].id]
    assert search_members("张", staff, 2, after=rows[1].id) == [rows[2].id]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("13812341234", "mobile"), ("138 1234 0000", "mobile"), ("nobody@163.com", "email"),
        ("11010119900307002X", "id_number"), ("E12345678", "id_number"), ("张三", "name"), ("zhang", "name"),
        ("张", ""), ("A1007", ""), ("#12", ""), ("", ""),
    ],
)  # fmt: skip
def test_which_searches_count(zhang, text, field):
    assert asked_field(text, staff_of(Role.CUSTOMER_SERVICE)) == field


def test_a_manager_searches_names_in_the_own_book_without_a_log():
    manager = staff_of(Role.RELATIONSHIP_MANAGER)
    mine = member_with(**ZHANG, manager=manager)
    for text in ("张三", "zhang", "zsf", "A10"):
        assert asked_field(text, manager) == ""
        assert search_members(text, manager) == [mine.id]
    assert asked_field("无此人", manager) == ""
    assert asked_field("13812341234", manager) == "mobile"


def test_what_is_granted_is_on_record_with_whom_it_found(zhang):
    service = staff_of(Role.CUSTOMER_SERVICE)
    grant("13812341234", "mobile", staff=service, purpose="a call came in", now=NOW)
    assert search_members("13812341234", service, granted=True) == [zhang.id]
    row = Reveal.objects.get()
    assert (row.member_id, row.field, row.reason) == (zhang.id, "mobile", "a call came in")
    assert decrypt(TERM, row.term) == "13812341234"
    assert b"13812341234" not in bytes(row.term)
    grant("13800000000", "mobile", staff=service, purpose="", now=NOW)
    assert Reveal.objects.latest("id").member_id is None  # a miss counts as well
    grant("13812341234", "mobile", staff=service, purpose="", now=NOW + timedelta(minutes=59))
    assert Reveal.objects.count() == 2  # the same search within the hour


def test_beyond_the_usual_number_a_purpose_is_needed_and_compliance_is_told_and_then_it_ends(monkeypatch):
    monkeypatch.setattr(access_log, "USUAL_SEARCHES", 3)
    monkeypatch.setattr(access_log, "MOST_SEARCHES", 5)
    service = staff_of(Role.CUSTOMER_SERVICE)

    def search(number: int, purpose: str = "", now=NOW) -> None:
        grant(f"1380000000{number}", "mobile", staff=service, purpose=purpose, now=now)

    for number in range(3):
        search(number)
    assert needs_purpose(service, NOW)
    assert access_log.frequent_searchers(NOW - timedelta(hours=1), NOW) == []
    with pytest.raises(ReasonMissing):
        search(3)
    search(3, "campaign callbacks")
    assert access_log.frequent_searchers(NOW - timedelta(hours=1), NOW) == [(service, 4)]
    search(4, "campaign callbacks")
    with pytest.raises(TooManySearches):
        search(5, "campaign callbacks")
    search(5, now=NOW + timedelta(minutes=61))
    assert Reveal.objects.count() == 6
