"""Which product may be put before whom: every row of the table, and what comes before what."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.portfolio.sentences import OUTCOMES, REASONS
from members.portfolio.suitability import (
    TABLE,
    Investor,
    Outcome,
    ProductFacts,
    Reason,
    Validity,
    age_on,
    assessed_before,
    check_suitability,
    expires_on,
    is_above_class,
    validity,
)
from tests.harness.examples import examples

TODAY = date(2026, 3, 16)
BORN = date(1986, 5, 1)


def investor(risk_class="C3", assessed_on=TODAY, **more) -> Investor:
    return Investor(risk_class, assessed_on, **{"investor_type": "ordinary", "birth_date": BORN} | more)


def offer(risk="R2", regime="FS", term_days=None) -> ProductFacts:
    return ProductFacts(risk, regime, term_days)


@pytest.mark.parametrize(
    ("risk_class", "allowed"),
    [("C0", "R1"), ("C1", "R1"), ("C2", "R2"), ("C3", "R3"), ("C4", "R4"), ("C5", "R5")],
)
@pytest.mark.parametrize("regime", ["FS", "BW", "IN", "XX"])
def test_a_class_reaches_to_its_risk_and_no_further(risk_class, allowed, regime):
    for risk in ("R1", "R2", "R3", "R4", "R5"):
        assert check_suitability(investor(risk_class), offer(risk, regime), TODAY).is_allowed == (
            risk <= allowed
        )


@pytest.mark.parametrize(
    ("who", "what", "code", "outcome"),
    [
        (investor(has_open_complaint=True), offer("R1"), "M0", Outcome.FORBID),
        (investor(birth_date=date(2008, 3, 17)), offer(), "M3", Outcome.FORBID),
        (investor(birth_date=date(2008, 3, 16)), offer(), "M13", Outcome.ALLOW),
        (investor(None, None), offer(), "M4", Outcome.FORBID),
        (investor(assessed_on=None), offer(), "M4", Outcome.FORBID),
        (investor(assessed_on=date(2025, 3, 16)), offer(), "M4", Outcome.FORBID),
        (investor(assessed_on=date(2025, 3, 17)), offer(), "M13", Outcome.ALLOW),
        (investor(), offer(risk=None), "M5", Outcome.FORBID),
        (investor(), offer(regime=None), "M5", Outcome.FORBID),
        (investor("C5"), offer("R1", "PR"), "M6", Outcome.FORBID),
        (investor("C5", investor_type="professional"), offer("R1", "PR"), "M6", Outcome.FORBID),
        (investor("C5", investor_type="qualified"), offer("R5", "PR"), "M13", Outcome.ALLOW),
        (investor("C3"), offer("R4"), "M7", Outcome.FORBID),
        (investor("C3", investor_type="professional"), offer("R5", "FS"), "M13", Outcome.ALLOW),
        (investor("C3", investor_type="professional"), offer("R5", "BW"), "M7", Outcome.FORBID),
        (investor(horizon_days=90), offer(term_days=91), "M9", Outcome.FORBID),
        (investor(horizon_days=90), offer(term_days=90), "M13", Outcome.ALLOW),
        (investor(horizon_days=90), offer(), "M13", Outcome.ALLOW),
        (investor("C5", birth_date=date(1961, 3, 16)), offer("R4"), "M10", Outcome.FORBID),
        (investor("C5", birth_date=date(1961, 3, 17)), offer("R4"), "M11", Outcome.WARN),
        (investor("C5", birth_date=date(1966, 3, 16)), offer("R5"), "M11", Outcome.WARN),
        (investor("C5", birth_date=date(1966, 3, 17)), offer("R5"), "M13", Outcome.ALLOW),
        (investor("C5", birth_date=date(1940, 1, 1)), offer("R3"), "M13", Outcome.ALLOW),
        (investor("C5", birth_date=None), offer("R4"), "M10", Outcome.FORBID),
        (investor("C5", birth_date=None), offer("R3"), "M13", Outcome.ALLOW),
    ],
)
def test_the_first_row_that_holds_decides(who, what, code, outcome):
    found = check_suitability(who, what, TODAY)
    assert (found.decided_by.code, found.outcome) == (code, outcome)


def test_all_reasons_are_kept_in_the_order_of_the_table():
    old = investor("C0", assessed_on=date(2024, 1, 1), birth_date=date(1950, 1, 1), horizon_days=30)
    found = check_suitability(old, offer("R5", "PR", 365), TODAY)
    assert [row.code for row in found.rows] == ["M4", "M6", "M7", "M8", "M9", "M10", "M11"]
    assert [row.code for row in check_suitability(investor(), offer(), TODAY).rows] == ["M13"]


def test_every_row_has_an_example_here_or_above():
    codes = {row.code for row in TABLE}
    assert codes == {"M0", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M13"}
    assert TABLE[-1].outcome is Outcome.ALLOW


def test_a_questionnaire_counts_for_a_year_and_is_announced_a_month_before():
    assert expires_on(date(2024, 2, 29)) == date(2025, 2, 28)
    assert expires_on(date(2025, 2, 28)) == date(2026, 2, 28)
    ends = expires_on(date(2025, 6, 1))
    who = investor(assessed_on=date(2025, 6, 1))
    assert validity(who, ends - timedelta(days=31)) is Validity.VALID
    assert validity(who, ends - timedelta(days=30)) is Validity.SOON
    assert validity(who, ends - timedelta(days=1)) is Validity.SOON
    assert validity(who, ends) is Validity.EXPIRED
    assert validity(investor(None), TODAY) is Validity.NONE


def test_ages_are_full_years():
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18
    assert age_on(None, TODAY) is None


def test_what_is_held_above_the_class_is_told_whatever_the_questionnaires_age():
    assert is_above_class(investor("C2", assessed_on=date(2020, 1, 1)), offer("R3"))
    assert is_above_class(investor("C0"), offer("R2"))
    assert not is_above_class(investor("C3"), offer("R3"))
    assert not is_above_class(investor(None, None), offer("R5"))


def test_every_reason_and_outcome_has_its_words():
    assert set(REASONS) == set(Reason) == {row.reason for row in TABLE}
    assert set(OUTCOMES) == set(Outcome)


@examples(200)
@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(-3, 3))
def test_the_last_assessment_that_has_ended_is_the_last_one_whose_end_has_come(day, more):
    latest = assessed_before(day)
    assessed_on = latest + timedelta(days=more)
    assert (expires_on(assessed_on) <= day) == (assessed_on <= latest)


@pytest.mark.parametrize("day", [date(2028, 2, 29), date(2029, 2, 28), date(2028, 3, 1)])
def test_leap_days_keep_to_it(day):
    assert expires_on(assessed_before(day)) <= day < expires_on(assessed_before(day) + timedelta(days=1))
