"""Uploaded lists: what a file names, what becomes of the members, what is refused."""

from __future__ import annotations

import pytest

from crm.runtime.models import Change
from crm.staff.models import Role, Team
from crm.staff.permissions import NotAllowed
from members.profiles.models import Identity
from members.rules.language.errors import BadRules
from members.segments.change.id_list import LARGEST, read_ids
from members.segments.change.refusals import Refusal, SegmentRefused
from members.segments.change.save import Draft, create_segment
from members.segments.change.upload_list import By, How, upload_list
from members.segments.models import Kind
from tests.crm.cast import NOW, member, staff_of
from tests.members.segments.worlds import maker, members_of

pytestmark = pytest.mark.django_db


def guests():
    return create_segment(Draft("Guests", Kind.LIST), staff=maker(), now=NOW)


def upload(made, ids, how=How.REPLACE, by=By.NUMBER, staff=None):
    return upload_list(made.pk, ids, how=how, by=by, staff=staff or maker(), now=NOW)


def test_a_list_is_replaced_added_to_and_removed_from():
    one, two, three = (member().pk for _ in range(3))
    made = guests()
    assert upload(made, [f"#{one}", str(two), str(two)]).added == 2
    assert upload(made, [str(three)], How.ADD).added == 1
    assert upload(made, [str(one)], How.REMOVE).removed == 1
    assert members_of(made) == {two, three}
    done = upload(made, [str(one), str(two)])
    assert (done.added, done.removed) == (1, 1)
    assert members_of(made) == {one, two}
    assert Change.objects.filter(kind="segment.joined").count() == 4
    assert Change.objects.filter(kind="segment.left").count() == 2


def test_unknown_ids_are_named_and_the_known_ones_go_in():
    who = member(number="BANK-7")
    done = upload(guests(), ["BANK-7", "BANK-8", "", "'; DROP TABLE x"], by=By.OUTSIDE)
    assert (done.added, done.unknown) == (1, 3)
    assert "BANK-8" in done.named
    assert who.pk


def test_an_id_that_two_systems_gave_to_two_members_names_neither():
    one, other = member(number="7"), member()
    Identity.objects.create(kind="member", source="other", value="7", member=other)
    third = member(number="9")
    made = guests()
    assert upload(made, ["7", "9"], by=By.OUTSIDE).named == ("7",)
    assert members_of(made) == {third.pk}
    assert one.pk


def test_nothing_but_unknown_ids_changes_nothing():
    who = member()
    made = guests()
    upload(made, [str(who.pk)])
    with pytest.raises(SegmentRefused) as refused:
        upload(made, ["999999999"])
    assert refused.value.code == Refusal.NO_IDS
    assert members_of(made) == {who.pk}


def test_members_that_the_uploader_does_not_see_are_unknown():
    lead = staff_of(Role.TEAM_LEAD, Team.objects.create(name="Team"))
    own = member(manager=staff_of(Role.RELATIONSHIP_MANAGER, lead.team))
    theirs = member()
    made = guests()
    done = upload(made, [str(own.pk), str(theirs.pk)], staff=lead)
    assert done.named == (str(theirs.pk),)
    assert members_of(made) == {own.pk}


def test_a_number_is_what_the_product_calls_the_member():
    one, two = member(number="M000045"), member()
    made = guests()
    assert upload(made, ["M000045", f"#{two.pk}", "M000046"]).named == ("M000046",)
    assert members_of(made) == {one.pk, two.pk}


def test_digits_are_the_platforms_where_some_in_the_file_are():
    one, two = member(number="900001"), member()
    made = guests()
    assert upload(made, ["900001", str(two.pk)]).named == (str(two.pk),)
    assert members_of(made) == {one.pk}


def test_nobody_asks_by_upload_who_has_a_number_that_they_may_not_see():
    known, seen = member(number="M000045"), member()
    made, analyst = guests(), staff_of(Role.ANALYST)
    with pytest.raises(NotAllowed):
        upload(made, ["M000045"], by=By.OUTSIDE, staff=analyst)
    done = upload(made, ["M000045", "M999999", f"#{seen.pk}"], staff=analyst)
    assert done.named == ("M000045", "M999999")
    assert members_of(made) == {seen.pk}
    with pytest.raises(SegmentRefused) as refused:
        upload(made, ["M000045"], staff=analyst)
    assert refused.value.code == Refusal.NO_IDS
    with pytest.raises(BadRules):
        rule = {"field": "number", "op": "=", "value": "M000045"}
        create_segment(Draft("One", Kind.RULE, rule), staff=analyst, now=NOW)
    assert known.pk


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b"id\n1\n2\n", ["1", "2"]),
        (b"1\r\n 2 \r\n\r\n3", ["1", "2", "3"]),
        ("姓名,会员号\n王,1\n李,２\n".encode("gb18030"), ["1", "2"]),
        ("\ufeff编号\n1\n".encode(), ["1"]),
        ("id\n1\n".encode("utf-16"), ["1"]),
        (b'"id";"name"\n"1";"x"\n', ["1"]),
        (b"'=1+1\n7\n", ["=1+1", "7"]),
        (b"", []),
    ],
)
def test_files_are_read_as_they_come(data, ids):
    assert list(read_ids(data)) == ids


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe\xfa\x00\x01binary\x00\x00", Refusal.UNREADABLE),
        (b"1\x00,2\n", Refusal.UNREADABLE),
        (b"1\n" * (LARGEST // 2 + 1), Refusal.TOO_LARGE),
    ],
    ids=["binary", "nul", "large"],
)
def test_what_is_no_list_is_refused(data, code):
    with pytest.raises(SegmentRefused) as refused:
        list(read_ids(data))
    assert refused.value.code == code
