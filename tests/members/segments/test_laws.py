"""What is kept equals a full computation, whatever arrives, in which order, and whenever it is kept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from crm.runtime.models import Change
from members.lifecycle.models import Standing
from members.portfolio.models import Transaction
from members.profiles.models import Event, Member
from members.segments.keeping.verify import verify
from members.segments.models import Membership
from tests.crm.cast import NOW, member
from tests.harness.examples import examples
from tests.members.segments.worlds import kept, members_of, segment

pytestmark = pytest.mark.django_db

RULES = [
    {"field": "aum", "op": ">=", "value": 1000},
    {"all": [{"field": "stage", "op": "=", "value": "growth"}, {"field": "aum", "op": "<", "value": 1000}]},
    {"field": "last_login", "op": "more_than_ago", "value": {"days": 3}},
    {"field": "registered_at", "op": "within_last", "value": {"hours": 30}},
    {"not": {"field": "tags", "op": "has_any", "value": ["vip"]}},
    {"field": "product_count", "op": ">=", "value": 1},
]
MEMBERS = 3
who, amount, hours = st.integers(0, MEMBERS - 1), st.sampled_from([0, 500, 1000, 5000]), st.integers(0, 100)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("aum"), who, amount),
        st.tuples(st.just("stage"), who, st.sampled_from(["growth", "decline"])),
        st.tuples(st.just("login"), who, hours),
        st.tuples(st.just("registered"), who, hours),
        st.tuples(st.just("tag"), who, st.sampled_from([[], ["vip"]])),
        st.tuples(st.just("buy"), who, hours),
        st.tuples(st.just("forget"), who, st.none()),
        st.tuples(st.just("gone"), who, st.none()),
        st.tuples(st.just("wait"), st.none(), st.integers(1, 60)),
        st.tuples(st.just("keep"), st.none(), st.none()),
    ),
    max_size=14,
)


@examples(25)
@given(steps)
def test_kept_segments_equal_computed_ones(steps):
    with transaction.atomic():
        _law(steps)
        transaction.set_rollback(True)


def _law(steps):
    people = [member(aum=500, last_login_at=NOW - timedelta(days=1)) for _ in range(MEMBERS)]
    made = [segment(rule) for rule in RULES]
    made.append(segment({"field": "segment", "op": "has_any", "value": [str(made[0].pk), str(made[2].pk)]}))
    kept()
    now = NOW
    for what, number, value in [*steps, ("keep", None, None)]:
        if what == "wait":
            now += timedelta(hours=value)
        elif what == "keep":
            kept(now)
            assert verify(now=now)[2] == []
        else:
            _do(what, people[number], value, now)
    _spells_are_whole(made)


def _do(what, person, value, now):
    standing, at = (
        Standing.objects.filter(pk=person.pk),
        now - timedelta(hours=value or 0) if isinstance(value, int) else now,
    )
    if what == "aum":
        standing.update(aum=Decimal(value))
    elif what == "stage":
        standing.update(stage=value, since=now)
    elif what == "login":
        standing.update(last_login_at=at)
        Event.objects.get_or_create(member=person, id=f"e{value}", defaults={"at": at, "name": "login"})
    elif what == "registered":
        Member.objects.filter(pk=person.pk).update(known_at=at, registered_at=at)
    elif what == "tag":
        Member.objects.filter(pk=person.pk).update(tags=value)
    elif what == "buy":
        Transaction.objects.get_or_create(
            member=person, id=f"t{value}", defaults={"at": at, "kind": "buy", "amount": 1}
        )
    elif what == "forget":
        Transaction.objects.filter(member=person).delete()
    elif what == "gone":
        standing.update(stage=None)


def _spells_are_whole(made):
    """Spells of a member do not overlap, and every one that began or ended was told once."""
    ids = [one.pk for one in made]
    rows = list(Membership.objects.filter(segment__in=ids).order_by("segment", "member", "joined_at", "id"))
    for one, following in zip(rows, rows[1:], strict=False):
        if (one.segment_id, one.member_id) == (following.segment_id, following.member_id):
            assert one.left_at is not None
            assert one.left_at <= following.joined_at
    told = Change.objects.filter(kind__startswith="segment.")
    assert told.filter(kind="segment.joined").count() == sum(not row.began for row in rows)
    assert told.filter(kind="segment.left").count() == sum(row.left_at is not None for row in rows)
    for one in made:
        assert len(members_of(one)) == sum(row.segment_id == one.pk and row.left_at is None for row in rows)
