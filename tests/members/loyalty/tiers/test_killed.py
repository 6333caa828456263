"""A worker killed at each named point: the next one finishes its work, once."""

from __future__ import annotations

from datetime import date

import pytest

from crm.runtime.models import Change
from members.loyalty.models import TierChange, TierDirty, TierStanding
from members.loyalty.tiers.keeping.keep import keep
from members.loyalty.tiers.keeping.verify import verify
from tests.harness import forked
from tests.members.loyalty.tiers.worlds import changes, instant, kept, person, policy, programme, value

pytestmark = pytest.mark.django_db(transaction=True)
START = date(2026, 1, 1)
KILLED = 137
POINTS = ("after_claim", "after_evaluate", "before_commit")


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_it_reviews_everybody(point):
    made = programme()
    policy(made, START)
    members = [person(START, {START: 1000 * number}) for number in range(4)]
    run = forked.start(lambda: keep(now=instant(date(2026, 2, 3))), LIFECYCLE_FAULT=point)
    assert forked.wait(run) == KILLED
    assert not TierChange.objects.exists()
    kept(date(2026, 2, 3))
    assert [len(changes(one)) for one in members] == [1, 2, 2, 2]


@pytest.mark.parametrize("point", POINTS)
def test_killed_with_one_batch_done(point):
    made = programme()
    policy(made, START)
    members = [person(START, {START: 500}) for _ in range(4)]
    kept(START)
    for one in members:
        value(one, {date(2026, 1, 15): 9000})
    today = date(2026, 2, 3)
    run = forked.start(lambda: keep(now=instant(today), batch=2), LIFECYCLE_FAULT=point)
    assert forked.wait(run) == KILLED
    assert TierDirty.objects.count() == 4
    kept(today)
    assert not TierDirty.objects.exists()
    assert Change.objects.filter(kind="tier.changed").count() == 4
    assert TierStanding.objects.filter(tier__rank=2).count() == 4
    assert verify(now=instant(today)).differing == 0
