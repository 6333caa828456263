"""What other tier rules would mean for benefits, as their preview tells it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from members.loyalty.tiers.preview.effects import list_effects
from tests.crm.cast import NOW
from tests.members.loyalty.benefits.town import benefit, programme

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


def told(before, after, day=DAY):
    found = list_effects(programme().pk, before, after, day)
    return {str(one.label): (one.before, one.after) for one in found}


def test_the_yearly_cost_follows_the_members_of_each_tier():
    benefit(quotas={"gold": 2, "diamond": 4}, manager_hours="0.50")
    assert told({0: 10, 1: 3, 3: 1}, {0: 9, 1: 3, 3: 2}) == {
        "Maximum yearly cost of benefits": ("¥21,600", "¥30,240"),
        "Benefit uses per year, if all quotas are used": ("120", "168"),
        "Relationship manager hours per year for benefits": ("60.00", "84.00"),
    }


def test_the_versions_of_that_day_count_and_what_is_over_does_not():
    benefit(quotas={"gold": 2}, valid_until="2026-03-31")
    assert told({1: 1}, {1: 2}) == {}
    benefit("clinic", quotas={"gold": 1}, period="year", cost="900.00")
    benefit("clinic", quotas={"gold": 2}, period="year", cost="900.00", day=(NOW + timedelta(days=30)).date())
    assert told({1: 1}, {1: 2})["Maximum yearly cost of benefits"] == ("¥900", "¥1,800")
