"""The timeline tells which segments a member joined and left, of those that its reader may see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.directory.member.timeline.read import TimelineFilters, read_timeline
from crm.staff.models import Role
from members.lifecycle.models import Standing
from tests.crm.cast import NOW, browser_of, markup, member, staff_of
from tests.members.segments.worlds import kept, segment

pytestmark = pytest.mark.django_db
ONLY = TimelineFilters("segment")


def labels(who, staff, now):
    return [(one.label, one.at) for one in read_timeline(who.pk, staff, now, ONLY).rows]


def test_it_tells_when_a_member_joined_and_left_but_not_with_whom_a_segment_began():
    who = member(aum=10)
    segment({"field": "aum", "op": ">=", "value": 1}, name="Anybody")
    segment(name="Rich")
    kept()
    joined, left = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
    for aum, at in ((5000, joined), (10, left)):
        Standing.objects.filter(pk=who.pk).update(aum=aum, last_trade_at=at)
        kept(at)
    reader = staff_of(Role.COMPLIANCE)
    assert labels(who, reader, left) == [("Left segment “Rich”", left), ("Joined segment “Rich”", joined)]


def test_a_segment_that_reads_what_the_reader_does_not_see_is_not_told(settings):
    who = member(aum=10, number="M000045")
    both = {"all": [{"field": "number", "op": "present"}, {"field": "aum", "op": ">=", "value": 1000}]}
    segment(both, name="Numbered")
    kept()
    Standing.objects.filter(pk=who.pk).update(aum=5000, last_trade_at=NOW)
    kept()
    assert [label for label, _at in labels(who, staff_of(Role.OPERATIONS), NOW)] == [
        "Joined segment “Numbered”"
    ]
    for role in (Role.ANALYST, Role.CUSTOMER_SERVICE):  # does not see numbers; sees no segments
        assert labels(who, staff_of(role), NOW) == []


def test_the_timeline_costs_few_queries(settings, django_assert_max_num_queries):
    settings.BUSINESS_NOW = (NOW + timedelta(hours=1)).isoformat()
    who = member(aum=10)
    segment(name="Rich")
    kept()
    Standing.objects.filter(pk=who.pk).update(aum=5000, last_trade_at=NOW)
    kept()
    browser = browser_of(staff_of(Role.OPERATIONS))
    with django_assert_max_num_queries(10):
        shown = markup(browser.get(f"/members/{who.pk}/?tab=timeline"))
    assert "Joined segment “Rich”" in shown
