"""Whatever is recorded, undone and whoever moves: what is left is the quota less what a list of uses says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from members.loyalty.benefits.quota import use
from members.loyalty.benefits.quota.available import available_benefits
from members.profiles.models import Household, Member
from tests.crm.cast import NOW, member
from tests.harness.examples import examples
from tests.members.loyalty.benefits.town import benefit

pytestmark = pytest.mark.django_db
PEOPLE, QUOTA, DAYS = 3, 2, 20  # the days reach from March back into February
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("use"), st.integers(0, PEOPLE - 1), st.booleans(), st.integers(0, DAYS)),
        st.tuples(st.just("undo"), st.integers(0, 30)),
        st.tuples(st.just("move"), st.integers(0, PEOPLE - 1), st.sampled_from([None, 0, 1])),
    ),
    max_size=25,
)


class Model:
    """The uses as a list: [who, home it was drawn from, shared, month, undone, id]."""

    def __init__(self) -> None:
        self.homes: list[int | None] = [None] * PEOPLE
        self.uses: list[list] = []

    def left(self, who: int, shared: bool, month: int) -> int:
        home = self.homes[who]
        counted = [
            one for one in self.uses
            if one[2] == shared and one[3] == month and not one[4]
            and (one[0] == who or (shared and home is not None and one[1] == home))
        ]  # fmt: skip
        return max(QUOTA - len(counted), 0)


@examples(15)
@given(STEPS)
def test_what_is_left_is_what_a_list_says(steps):
    with transaction.atomic():
        check(steps)
        transaction.set_rollback(True)


def check(steps):
    since = NOW - timedelta(days=60)
    offered = {
        shared: benefit(f"b{int(shared)}", quotas={"basic": QUOTA}, is_shared=shared, now=since)
        for shared in (False, True)
    }
    people, homes = [member() for _ in range(PEOPLE)], [Household.objects.create(name="家") for _ in range(2)]
    model = Model()
    for number, step in enumerate(steps):
        if step[0] == "move":
            _verb, who, home = step
            model.homes[who] = home
            Member.objects.filter(pk=people[who].pk).update(household=None if home is None else homes[home])
        elif step[0] == "undo":
            undo(model, people, step[1])
        else:
            record(model, people, offered, step, f"k{number}")
    for who, person in enumerate(people):
        for shared, what in offered.items():
            found = available_benefits(person.pk, NOW, what.pk)[0]
            assert found.left == model.left(who, shared, 3)


def record(model, people, offered, step, key):
    _verb, who, shared, days = step
    at = NOW - timedelta(days=days)
    month = 3 if days <= 15 else 2  # NOW is 16 March, in the morning of Shanghai
    given = {"member_id": people[who].pk, "benefit_id": offered[shared].pk, "key": key, "at": at}
    if model.left(who, shared, month):
        made = use.record(**given, source="app", now=NOW)
        model.uses.append([who, model.homes[who], shared, month, False, made.id])
    else:
        with pytest.raises(use.UseRefused, match="used_up"):
            use.record(**given, source="app", now=NOW)


def undo(model, people, number):
    if not model.uses:
        return
    one = model.uses[number % len(model.uses)]
    given = {"member_id": people[one[0]].pk, "use_id": one[5], "source": "app", "now": NOW}
    if one[4]:
        with pytest.raises(use.UseRefused, match="already_undone"):
            use.undo(**given)
    else:
        use.undo(**given)
        one[4] = True
