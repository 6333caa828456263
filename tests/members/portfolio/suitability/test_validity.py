"""How long an assessment counts, and how old somebody is."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.portfolio.suitability.validity import Validity, age_on, assessed_before, validity
from members.profiles.questionnaires.validity import end_of
from tests.harness.examples import examples


def test_a_questionnaire_counts_for_a_year_and_is_announced_a_month_before():
    assert end_of(date(2024, 2, 29)) == date(2025, 2, 28)
    assert end_of(date(2025, 2, 28)) == date(2026, 2, 28)
    assessed_on = date(2025, 6, 1)
    ends = end_of(assessed_on)
    assert validity("C3", assessed_on, ends - timedelta(days=31)) is Validity.VALID
    assert validity("C3", assessed_on, ends - timedelta(days=30)) is Validity.SOON
    assert validity("C3", assessed_on, ends - timedelta(days=1)) is Validity.SOON
    assert validity("C3", assessed_on, ends) is Validity.EXPIRED
    assert validity(None, assessed_on, ends) is Validity.NONE
    assert validity("C3", assessed_on, assessed_on - timedelta(days=1)) is Validity.NONE


def test_ages_are_full_years():
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18
    assert age_on(None, date(2026, 3, 1)) is None


@examples(200)
@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(-3, 3))
def test_the_last_assessment_that_has_ended_is_the_last_one_whose_end_has_come(day, more):
    latest = assessed_before(day)
    assessed_on = latest + timedelta(days=more)
    assert (end_of(assessed_on) <= day) == (assessed_on <= latest)


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2029, 2, 28), date(2028, 3, 1)])
def test_leap_days_keep_to_it(day):
    assert end_of(assessed_before(day)) <= day < end_of(assessed_before(day) + timedelta(days=1))
