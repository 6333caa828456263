"""What is kept equals a full evaluation and a plain one, whatever arrives, and whenever it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from members.loyalty.models import TierDirty, TierStanding
from members.loyalty.tiers.keeping.verify import verify
from tests.harness.examples import examples
from tests.members.loyalty.tiers import oracle
from tests.members.loyalty.tiers.worlds import changes, instant, kept, person, policy, programme, value

pytestmark = pytest.mark.django_db
START = date(2026, 1, 10)
MEMBERS = 3
KINDS = {
    "average": {1: {"average": 1000}, 2: {"average": 5000}, 3: {"average": 20000}},
    "day_end": {1: {"day_end": 1000}, 2: {"day_end": 5000}, 3: {"day_end": 20000}},
    "all": {
        1: {"average": 1000, "day_end": 500},
        2: {"average": 5000, "day_end": 3000},
        3: {"average": 20000, "day_end": 9000},
    },
    "any": {
        1: {"average": 1000, "day_end": 3000},
        2: {"average": 5000, "day_end": 9000},
        3: {"average": 20000, "day_end": 40000},
    },
}
who = st.integers(0, MEMBERS - 1)
aum = st.sampled_from([0, 999, 1000, 3000, 5000, 9000, 20000, 60000])
steps = st.lists(
    st.one_of(
        st.tuples(st.just("value"), who, st.tuples(st.integers(-60, 3), st.one_of(st.none(), aum))),
        st.tuples(st.just("value"), who, st.tuples(st.integers(0, 1), aum)),
        st.tuples(st.just("wait"), who, st.integers(1, 25)),
    ),
    max_size=14,
)
rules = st.fixed_dictionaries(
    {
        "metric": st.sampled_from(sorted(KINDS)),
        "review": st.sampled_from(["daily", "month_end"]),
        "upgrade": st.sampled_from(["at_once", "at_review"]),
        "downgrade": st.sampled_from(["none", "one_step", "full"]),
        "grace_days": st.sampled_from([0, 0, 10, 45]),
        "protect_days": st.sampled_from([0, 0, 20, 90]),
    }
)


@examples(40)
@given(rules, steps)
def test_kept_tiers_equal_full_and_plain_ones(values, steps):
    with transaction.atomic():
        _law(values, steps)
        transaction.set_rollback(True)


def _law(values, steps):
    made = programme()
    thresholds = KINDS[values["metric"]]
    policy(made, START, thresholds, **values)
    asked = {rank: {k: Decimal(v) for k, v in each.items()} for rank, each in thresholds.items()}
    plain = [oracle.Rules(start=START, thresholds=asked, **values)]
    registered = [START - timedelta(days=40), START, START + timedelta(days=20)]
    people = [person(day) for day in registered]
    facts = [oracle.Facts(registered=day) for day in registered]
    today = START + timedelta(days=3)
    kept(today)
    for what, number, given_ in [*steps, ("wait", 0, 40)]:
        if what == "wait":
            today += timedelta(days=given_)
            kept(today)
            assert not TierDirty.objects.filter(since_day__lte=today).exists()
            for one, known in zip(people, facts, strict=True):
                assert changes(one) == oracle.history(plain, known, today), known
            assert verify(now=instant(today)).differing == 0
        else:
            day, amount = today + timedelta(days=given_[0]), given_[1]
            value(people[number], {day: amount})
            if amount is None:
                facts[number].assets.pop(day, None)
            else:
                facts[number].assets[day] = Decimal(amount)
    assert TierStanding.objects.count() == len(people)
