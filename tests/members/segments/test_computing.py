"""Segments computed from all members: nothing waits to be decided twice, what is right stays unwritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from members.lifecycle.models import Standing
from members.segments.models import Dirty, Due, Segment
from tests.crm.cast import NOW, member
from tests.members.segments.worlds import kept, members_of, segment, spells_of

pytestmark = pytest.mark.django_db

SILENT = {"field": "last_login", "op": "more_than_ago", "value": {"days": 30}}


def compute_again() -> None:
    Segment.objects.update(computed_at=None, writers=None)


def test_marks_are_not_decided_for_segments_that_are_computed_anyway():
    who = member(aum=10)
    made = segment()
    Standing.objects.filter(pk=who.pk).update(aum=5000)
    assert Dirty.objects.exists()
    done = kept(NOW + timedelta(hours=1))
    assert (done.claims, done.computed) == (0, 1)
    assert members_of(made) == {who.pk}


def test_marks_for_a_kept_segment_stay_where_another_is_computed():
    who = member(aum=10, last_login_at=NOW - timedelta(days=2))
    first = segment()
    kept()
    Standing.objects.filter(pk=who.pk).update(aum=5000, last_login_at=NOW - timedelta(hours=1))
    second = segment({"all": [{"field": "aum", "op": ">=", "value": 2000}]})
    done = kept(NOW + timedelta(hours=1))
    assert (done.claims, done.joined, done.computed) == (1, 1, 1)
    assert members_of(first) == members_of(second) == {who.pk}
    assert spells_of(first, who.pk) == [(NOW - timedelta(hours=1), None)]  # the instant of the fact


def test_instants_that_are_right_stay_unwritten_when_a_segment_is_computed_again():
    member(aum=10, last_login_at=NOW - timedelta(days=2))
    segment(SILENT)
    kept()
    before = _rows()
    assert before
    compute_again()
    assert kept().computed == 1
    assert _rows() == before


def test_computing_again_mends_instants_that_are_wrong_missing_or_too_many():
    wrong, missing, unasked = (member(last_login_at=NOW - timedelta(days=days)) for days in (2, 3, 60))
    made = segment(SILENT)
    kept()
    right = dict(Due.objects.values_list("member", "due_at"))
    assert right.keys() == {wrong.pk, missing.pk}
    Due.objects.filter(member=wrong.pk).update(due_at=NOW + timedelta(days=99))
    Due.objects.filter(member=missing.pk).delete()
    Due.objects.create(member=unasked, segment=made, due_at=NOW + timedelta(days=99))
    compute_again()
    kept()
    assert dict(Due.objects.values_list("member", "due_at")) == right


def _rows() -> list[tuple[str, str]]:
    """Where each row stands, and which transaction wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid::text, xmin::text FROM segments_due ORDER BY ctid")
        return cursor.fetchall()
