"""Grace, protection, steps and notices; what a change of the rules does; complaints about other systems."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from crm.runtime.models import Change
from members.loyalty.models import TierPolicy, TierStanding
from members.loyalty.tiers.policy.draft import draft_policy
from tests.members.loyalty.tiers.worlds import changes, kept, person, policy, programme, stored, value

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)


def test_a_downgrade_waits_for_its_grace_and_is_dropped_when_the_tier_is_kept_again():
    made = programme()
    policy(made, START, grace_days=45)
    gone = person(START, {START: 8000, date(2026, 2, 1): 0})
    back = person(START, {START: 8000, date(2026, 2, 1): 0, date(2026, 3, 1): 9000})
    kept(date(2026, 4, 20))
    assert changes(gone)[-1] == (date(2026, 4, 15), 2, 0, "not_kept")  # the review of 1 March and 45 days
    assert changes(back)[-1] == (date(2026, 2, 1), 0, 2, "reached")


def test_nobody_falls_within_the_protection():
    made = programme()
    policy(made, START, protect_days=90)
    member = person(START, {START: 8000, date(2026, 2, 1): 0})
    kept(date(2026, 6, 1))
    assert changes(member)[-1] == (date(2026, 5, 2), 2, 0, "not_kept")


def test_one_tier_at_a_time():
    made = programme()
    policy(made, START, downgrade="one_step")
    member = person(START, {START: 30000, date(2026, 2, 1): 0})
    kept(date(2026, 6, 1))
    assert [(day, old, new) for day, old, new, _why in changes(member)[2:]] == [
        (date(2026, 3, 1), 3, 2),
        (date(2026, 4, 1), 2, 1),
        (date(2026, 5, 1), 1, 0),
    ]


def test_a_downgrade_is_announced_once_and_taken_back_when_it_is_averted():
    made = programme()
    policy(made, START, notice_days=7)
    member = person(START, {START: 8000, date(2026, 2, 1): 0})
    kept(date(2026, 2, 10))
    standing = TierStanding.objects.get()
    assert (standing.falls_on, standing.due_on) == (date(2026, 3, 1), date(2026, 2, 22))
    for day in (22, 23, 24):
        kept(date(2026, 2, day))
    [notice] = Change.objects.filter(kind="tier.will_downgrade")
    assert (notice.member_id, notice.payload["from"], notice.payload["to"]) == (member.pk, "gold", "base")
    assert notice.payload["on"] == "2026-03-01"
    value(member, {date(2026, 2, 25): 100000})
    kept(date(2026, 2, 26))
    assert Change.objects.filter(kind="tier.downgrade_averted").count() == 1


def test_a_change_is_published_with_its_day_and_reason():
    made = programme()
    policy(made, START)
    member = person(START)
    kept(date(2026, 1, 5))
    value(member, {date(2026, 2, 1): 1000})
    kept(date(2026, 3, 1))
    [change] = Change.objects.filter(kind="tier.changed", member_id=member.pk)
    assert (change.payload["from"], change.payload["to"], change.payload["reason"]) == (
        "base",
        "silver",
        "reached",
    )


def test_the_rules_say_which_threshold_decided():
    """Below the second threshold the first counts; the record has the numbers."""
    made = programme()
    policy(made, START, {1: {"day_end": 0.01}, 2: {"day_end": 1000}, 3: {"day_end": 5000}}, metric="day_end",
           review="daily")  # fmt: skip
    member = person(START, {date(2026, 1, 5): 999})
    kept(date(2026, 1, 6))
    assert changes(member)[-1] == (date(2026, 1, 6), 0, 1, "reached")  # from the day after, never the same
    assert TierStanding.objects.get().metrics["day_end"] == "999.00"


def test_no_tier_out_of_reach_for_what_ran_before():
    """Months that an outage missed are reviewed on their own days, not with the data of today."""
    made = programme()
    policy(made, START)
    member = person(START)
    kept(date(2026, 1, 1))
    value(member, {date(2026, 2, 1): 1000, date(2026, 3, 1): 0})
    kept(date(2026, 6, 15))  # nothing ran for months
    assert changes(member)[1:] == [(date(2026, 3, 1), 0, 1, "reached"), (date(2026, 4, 1), 1, 0, "not_kept")]


@pytest.mark.parametrize(
    "thresholds",
    [
        {1: {"average": 1000}, 2: {"average": 500}, 3: {"average": 5000}},
        {1: {"average": 1000}, 2: {"day_end": 2000}, 3: {"average": 5000}},
        {1: {"average": 0}, 2: {"average": 500}, 3: {"average": 5000}},
        {1: {"average": 100}, 3: {"average": 5000}},
    ],
)
def test_thresholds_rise_and_none_is_missing(thresholds):
    made = programme()
    with pytest.raises(ValidationError):
        policy(made, START, thresholds)
    assert not TierPolicy.objects.exists()


def test_rules_do_not_start_in_the_past():
    made = programme()
    policy(made, START)
    today = date(2026, 3, 10)
    with pytest.raises(ValidationError):
        draft_policy(made.pk, {"grace_days": 5}, effective_from=today, today=today)
    values = {"thresholds": stored(made, {1: {"average": 1}, 2: {"average": 2}, 3: {"average": 3}})}
    assert draft_policy(made.pk, values, effective_from=date(2026, 3, 11), today=today).version == 2
