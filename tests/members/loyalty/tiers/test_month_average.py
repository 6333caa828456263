"""Worked examples of tiers by month average: over month ends, with late and corrected valuations."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from crm.runtime.models import Change
from members.loyalty.models import TierChange, TierDirty, TierStanding
from tests.members.loyalty.tiers.worlds import changes, instant, kept, person, policy, programme, value

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)


def tier_at(member, made, day):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rank FROM loyalty_tier WHERE id = loyalty_tier_at(%s, %s, %s)",
            [member.pk, made.pk, instant(day)],
        )
        return cursor.fetchone()[0]


def test_the_average_is_of_all_days_of_the_month_with_the_last_value_carried_forward():
    """February has 28 days: 14 of 0 and 14 of 2,000 are 1,000 on average, exactly the threshold."""
    made = programme()
    policy(made, START)
    reaches = person(START, {date(2026, 2, 15): 2000})
    a_cent_short = person(START, {date(2026, 2, 15): Decimal("1999.99")})
    kept(date(2026, 3, 1))
    assert changes(reaches) == [(START, None, 0, "entered"), (date(2026, 3, 1), 0, 1, "reached")]
    assert changes(a_cent_short) == [(START, None, 0, "entered")]
    assert tier_at(reaches, made, date(2026, 2, 28)) == 0
    assert tier_at(reaches, made, date(2026, 3, 1)) == 1


def test_a_spike_on_the_last_day_is_not_a_month():
    made = programme()
    policy(made, START)
    spike = person(START, {date(2026, 1, 31): 20000, date(2026, 2, 1): 0})
    kept(date(2026, 2, 10))
    assert changes(spike) == [(START, None, 0, "entered")]
    assert TierStanding.objects.get().metrics["average"] == "645.16"  # 20,000 / 31


def test_a_late_valuation_recomputes_past_months_and_says_so():
    made = programme()
    policy(made, START)
    late = person(START, {date(2026, 1, 1): 900})
    kept(date(2026, 3, 10))
    assert changes(late) == [(START, None, 0, "entered")]
    value(late, {date(2026, 1, 11): 1100})  # known two months after
    kept(date(2026, 3, 11))
    # January: 10 x 900 + 21 x 1,100 = 1,035.48
    assert changes(late) == [(START, None, 0, "entered"), (date(2026, 2, 1), 0, 1, "reached")]
    assert TierChange.objects.get(reason="reached").inputs == {
        "average": "1035.48",
        "month": "2026-01",
        "valued_on": "2026-01-11",
    }
    assert tier_at(late, made, date(2026, 2, 10)) == 1
    value(late, {date(2026, 1, 11): 950})  # and corrected again
    kept(date(2026, 3, 12))
    assert changes(late) == [(START, None, 0, "entered")]
    assert changes(late, superseded=True) == [(date(2026, 2, 1), 0, 1, "reached")]
    assert Change.objects.filter(kind="tier.change_superseded", member_id=late.pk).count() == 1


def test_a_correction_that_moves_nobody_still_says_which_numbers_hold():
    made = programme()
    policy(made, START)
    corrected = person(START, {date(2026, 1, 1): 1500})
    kept(date(2026, 2, 1))
    value(corrected, {date(2026, 1, 1): 1600})
    kept(date(2026, 2, 2))
    [now_holds] = TierChange.objects.filter(reason="reached", superseded_at=None)
    [known_then] = TierChange.objects.filter(reason="reached", superseded_at__isnull=False)
    assert (known_then.inputs["average"], now_holds.inputs["average"]) == ("1500.00", "1600.00")


def test_valuations_within_the_bounds_mark_nobody():
    """Cost follows change: gold stays gold between 5,000 and 20,000, whatever each day brings."""
    made = programme()
    policy(made, START)
    gold = person(START, {date(2026, 1, 1): 8000})
    kept(date(2026, 2, 1))
    standing = TierStanding.objects.get()
    assert (standing.aum_low, standing.aum_high, standing.due_on) == (5000, Decimal("19999.99"), None)
    for day, aum in ((5, 5000), (9, Decimal("19999.99")), (28, 12000)):
        value(gold, {date(2026, 2, day): aum})
    assert not TierDirty.objects.exists()
    value(gold, {date(2026, 3, 1): Decimal("4999.99")})
    assert TierDirty.objects.get().member_id == gold.pk


def test_the_middle_of_a_month_keeps_what_the_month_has_so_far():
    """A month that is half done with 20,000 a day is kept above 5,000 by anything: the bound says so."""
    made = programme()
    policy(made, START)
    fell = person(START, {date(2026, 1, 1): 8000, date(2026, 4, 1): 19000})
    kept(date(2026, 2, 1))
    value(fell, {date(2026, 4, 16): 100})  # 15 days of 19,000 and 15 of 100: 9,550 on average
    kept(date(2026, 4, 16))
    standing = TierStanding.objects.get()
    assert (standing.tier.rank, standing.falls_on, standing.falls_to.rank) == (2, date(2026, 6, 1), 0)
    kept(date(2026, 5, 1))
    assert len(changes(fell)) == 2
    kept(date(2026, 6, 1))
    assert changes(fell)[-1] == (date(2026, 6, 1), 2, 0, "not_kept")


def test_an_upgrade_at_once_comes_when_the_month_can_no_longer_miss_it():
    """April needs 30 x 1,000: reached after ten days of 3,000, on the 11th."""
    made = programme()
    policy(made, START, upgrade="at_once")
    rising = person(START, {date(2026, 4, 1): 3000})
    kept(date(2026, 4, 10))
    assert changes(rising) == [(START, None, 0, "entered")]
    kept(date(2026, 4, 11))
    assert changes(rising)[-1] == (date(2026, 4, 11), 0, 1, "reached")
    assert changes(rising)[-1][0] == date(2026, 4, 11)
