"""The purchase table: every row decides, every pair of neighbours in order, the matrix, and SQL agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.portfolio.suitability.sentences.reasons import PURCHASE_OUTCOMES, PURCHASE_REASONS
from members.portfolio.suitability.tables.facts import Outcome
from members.portfolio.suitability.tables.purchase import PURCHASE, PurchaseReason
from members.rules.decision_tables.decide import decide
from tests.harness.examples import examples
from tests.members.portfolio.suitability.facts import drawn, fitting
from tests.members.rules.decision_tables.asking import decided_in_sql

R = PurchaseReason
_ABOVE = {"product_risk": 4, "levels_above": 1}
_OLD = {"age": 65, "product_risk": 4, "highest_risk": 5}
# What makes each row the first that holds, in the order of the table.
ROWS = {
    R.OPERATOR_MAY_NOT: {"may_sell": False},
    R.NOT_OFFERED: {"is_offered": False},
    R.NOT_REGISTERED: {"is_registered": False},
    R.NO_RISK_RATING: {"product_risk": None, "levels_above": None},
    R.UNDER_REVIEW: {"is_under_review": True},
    R.NO_REGIME: {"regime": None},
    R.QUALIFIED_ONLY: {"regime": "PR"},
    R.PROFESSIONAL_INSTITUTION: {"is_institution": True, "product_risk": 5, "age": None},
    R.AGE_UNKNOWN: {"age": None},
    R.UNDERAGE: {"age": 17},
    R.PROFESSIONAL_PERSON: {"is_professional_person": True, "product_risk": 5, "assessment": "none"},
    R.PROFESSIONAL_NOT_RECOGNISED: {"is_professional_person": True, "regime": "BW", **_ABOVE},
    R.NOT_ASSESSED: {"assessment": "none"},
    R.ASSESSMENT_EXPIRED: {"assessment": "expired"},
    R.ASSESSMENT_WITHDRAWN: {"assessment": "withdrawn"},
    R.LOWEST_CLASS: {"is_lowest_class": True, "highest_risk": 1, "levels_above": 1, "is_confirmed": True},
    R.ABOVE_CLASS: {"regime": "BW", **_ABOVE},
    R.NOT_OWN_INITIATIVE: {"is_own_initiative": False, **_ABOVE},
    R.ABOVE_HOUSE_LIMIT: {"highest_jump": 0, **_ABOVE},
    R.OLD: _OLD,
    R.NEEDS_CONFIRMATION: _ABOVE,
    R.NOT_APPROPRIATE: {"regime": "XX", **_ABOVE},
    R.CONFIRMED: {"is_confirmed": True, **_ABOVE},
    R.HIGH_RISK: {"product_risk": 4, "highest_risk": 4},
    R.WARNED: {"regime": "XX", "is_confirmed": True, **_ABOVE},
    R.WITHIN_CLASS: {},
}
# Neighbours that hold together only so, and those that never do.
TOGETHER = {
    (R.PROFESSIONAL_NOT_RECOGNISED, R.NOT_ASSESSED): {
        "is_professional_person": True,
        "regime": "BW",
        "assessment": "none",
    },
    (R.OLD, R.NEEDS_CONFIRMATION): {"age": 65, **_ABOVE},
}
APART = {
    (R.NO_REGIME, R.QUALIFIED_ONLY),
    (R.QUALIFIED_ONLY, R.PROFESSIONAL_INSTITUTION),
    (R.PROFESSIONAL_INSTITUTION, R.AGE_UNKNOWN),
    (R.AGE_UNKNOWN, R.UNDERAGE),
    (R.PROFESSIONAL_PERSON, R.PROFESSIONAL_NOT_RECOGNISED),
    (R.NOT_ASSESSED, R.ASSESSMENT_EXPIRED),
    (R.ASSESSMENT_EXPIRED, R.ASSESSMENT_WITHDRAWN),
    (R.ABOVE_CLASS, R.NOT_OWN_INITIATIVE),
    (R.NEEDS_CONFIRMATION, R.NOT_APPROPRIATE),
    (R.NOT_APPROPRIATE, R.CONFIRMED),
    (R.CONFIRMED, R.HIGH_RISK),
    (R.HIGH_RISK, R.WARNED),
    (R.WARNED, R.WITHIN_CLASS),
}
NEIGHBOURS = list(zip(PURCHASE.rows, PURCHASE.rows[1:], strict=False))


def test_the_rows_are_those_of_the_reference():
    codes = {row.code for row in PURCHASE.rows}
    assert codes == {"P0", "H1", *(f"P{number}" for number in range(1, 14))}
    assert [row.reason for row in PURCHASE.rows] == list(ROWS)


@pytest.mark.parametrize("row", PURCHASE.rows, ids=lambda row: row.reason)
def test_each_row_decides_where_it_is_the_first_that_holds(row):
    found = decide(PURCHASE, fitting(PURCHASE, **ROWS[row.reason]))
    assert (found.row, found.outcome) == (row, row.outcome)


@pytest.mark.parametrize(("first", "second"), NEIGHBOURS, ids=lambda row: row.reason)
def test_of_two_neighbours_the_first_decides_and_the_second_is_kept(first, second):
    pair = (first.reason, second.reason)
    values = fitting(PURCHASE, **TOGETHER.get(pair, ROWS[first.reason] | ROWS[second.reason]))
    found = decide(PURCHASE, values)
    if pair in APART:
        assert not {*pair} <= {*found.reasons}
        return
    assert found.row == first
    assert (second.reason in found.reasons) == (second.outcome != Outcome.ALLOW)


@pytest.mark.django_db
@given(st.lists(drawn(PURCHASE), min_size=40, max_size=40))
@examples(25)
def test_sql_says_what_python_says(known):
    for values, row in zip(known, decided_in_sql(PURCHASE, known), strict=True):
        found = decide(PURCHASE, values)
        assert row[1:] == (found.row.code, found.outcome, list(found.reasons), list(found.unknown))


MATRIX = {
    "C0": "allow forbid forbid forbid forbid",
    "C1": "allow confirm confirm confirm confirm",
    "C2": "allow allow confirm confirm confirm",
    "C3": "allow allow allow confirm confirm",
    "C4": "allow allow allow care confirm",
    "C5": "allow allow allow care care",
}


@pytest.mark.parametrize("name", MATRIX)
def test_the_matrix_of_the_reference_on_own_initiative(name):
    """For funds; for bank products every "confirm" is "no". From 65 on R4 and R5 need the procedure."""
    highest = max(1, int(name[1]))
    for risk, expected in enumerate(MATRIX[name].split(), 1):
        given_facts = {
            "highest_risk": highest,
            "product_risk": risk,
            "levels_above": risk - highest,
            "is_lowest_class": name == "C0",
        }
        assert decide(PURCHASE, fitting(PURCHASE, **given_facts)).outcome == expected
        bank = {"confirm": "forbid", "care": "allow"}.get(expected, expected)
        assert decide(PURCHASE, fitting(PURCHASE, **given_facts, regime="BW")).outcome == bank
        aged = "procedure" if risk >= 4 and expected != "forbid" else expected
        assert decide(PURCHASE, fitting(PURCHASE, **given_facts, age=65)).outcome == aged
        unasked = "forbid" if expected == "confirm" else expected
        assert decide(PURCHASE, fitting(PURCHASE, **given_facts, is_own_initiative=False)).outcome == unasked


@pytest.mark.parametrize("regime", ["IN", "PR"])
def test_nothing_above_the_class_is_sold_of_insurance_and_private_products(regime):
    values = fitting(PURCHASE, regime=regime, is_qualified=True, is_confirmed=True, **_ABOVE)
    assert decide(PURCHASE, values).row.code == "P6"


@given(drawn(PURCHASE))
@examples(300)
def test_who_is_in_the_lowest_class_never_gets_more_than_r1_as_an_ordinary_investor(values):
    values |= {"is_lowest_class": True, "is_institution": False, "is_professional_person": False}
    if values["product_risk"] != 1:
        assert decide(PURCHASE, values).outcome == Outcome.FORBID


def test_every_reason_has_words():
    assert set(PURCHASE_REASONS) == {*(row.reason for row in PURCHASE.rows), PURCHASE.otherwise.reason}
    assert set(PURCHASE_OUTCOMES) == set(PURCHASE.outcomes)
