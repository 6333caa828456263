"""The message table: every row decides, every pair of neighbours in its order, and SQL agrees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.portfolio.suitability.sentences.reasons import OUTCOMES, REASONS, reason_text
from members.portfolio.suitability.tables.facts import Outcome
from members.portfolio.suitability.tables.message import MESSAGE, Reason
from members.rules.decision_tables.decide import decide
from tests.harness.examples import examples
from tests.members.portfolio.suitability.facts import drawn, fitting
from tests.members.rules.decision_tables.asking import decided_in_sql

R = Reason
# What makes each row the first that holds, in the order of the table.
ROWS = {
    R.OPEN_COMPLAINT: {"has_open_complaint": True},
    R.AGE_UNKNOWN: {"age": None},
    R.UNDERAGE: {"age": 17},
    R.NOT_ASSESSED: {"assessment": "none"},
    R.ASSESSMENT_EXPIRED: {"assessment": "expired"},
    R.ASSESSMENT_WITHDRAWN: {"assessment": "withdrawn"},
    R.NOT_OFFERED: {"is_offered": False},
    R.NOT_REGISTERED: {"is_registered": False},
    R.NO_RISK_RATING: {"product_risk": None},
    R.UNDER_REVIEW: {"is_under_review": True},
    R.NO_REGIME: {"regime": None},
    R.QUALIFIED_ONLY: {"regime": "PR"},
    R.NO_BROADCAST: {"regime": "PR", "is_qualified": True, "is_broadcast": True},
    R.ABOVE_CLASS: {"product_risk": 4},
    R.LOWEST_CLASS: {"is_lowest_class": True, "highest_risk": 1, "is_professional_person": True},
    R.TERM_TOO_LONG: {"horizon_days": 30, "term_days": 31},
    R.NOT_LIQUID: {"needs_liquidity": True, "term_days": 91},
    R.OLD: {"age": 65, "product_risk": 4, "highest_risk": 5},
    R.ELDERLY: {"age": 60, "product_risk": 4, "highest_risk": 5},
    R.WITHIN_CLASS: {},
}
# Neighbours that hold together only so, and those that never do.
TOGETHER = {
    (R.QUALIFIED_ONLY, R.NO_BROADCAST): {"regime": "PR", "is_broadcast": True},
    (R.ABOVE_CLASS, R.LOWEST_CLASS): {"is_lowest_class": True, "highest_risk": 1},
    (R.OLD, R.ELDERLY): ROWS[R.OLD],
}
APART = {
    (R.AGE_UNKNOWN, R.UNDERAGE),
    (R.NOT_ASSESSED, R.ASSESSMENT_EXPIRED),
    (R.ASSESSMENT_EXPIRED, R.ASSESSMENT_WITHDRAWN),
    (R.NO_REGIME, R.QUALIFIED_ONLY),
}
NEIGHBOURS = list(zip(MESSAGE.rows, MESSAGE.rows[1:], strict=False))
CODES = "M0 M3 M3 M4 M4 M4 M5 M5 M5 M5 M5 M6 M6 M7 M8 M9 M9 M10 M11 M13"


def test_the_rows_are_those_of_the_reference_in_its_order():
    assert " ".join(row.code for row in MESSAGE.rows) == CODES
    assert [row.reason for row in MESSAGE.rows] == list(ROWS)
    lenient = [row.code for row in MESSAGE.rows if row.outcome != Outcome.FORBID]
    assert lenient == ["M11", "M13"]


@pytest.mark.parametrize("row", MESSAGE.rows, ids=lambda row: row.reason)
def test_each_row_decides_where_it_is_the_first_that_holds(row):
    found = decide(MESSAGE, fitting(MESSAGE, **ROWS[row.reason]))
    assert (found.row, found.outcome) == (row, row.outcome)
    assert found.unknown == ()


@pytest.mark.parametrize(("first", "second"), NEIGHBOURS, ids=lambda row: row.reason)
def test_of_two_neighbours_the_first_decides_and_the_second_is_kept(first, second):
    pair = (first.reason, second.reason)
    values = fitting(MESSAGE, **TOGETHER.get(pair, ROWS[first.reason] | ROWS[second.reason]))
    found = decide(MESSAGE, values)
    if pair in APART:
        assert not {*pair} <= {*found.reasons}
        return
    assert found.row == first
    # That a product fits is no reason beside one against it.
    assert (second.reason in found.reasons) == (second.outcome != Outcome.ALLOW)


@pytest.mark.django_db
@given(st.lists(drawn(MESSAGE), min_size=40, max_size=40))
@examples(25)
def test_sql_says_what_python_says(known):
    for values, row in zip(known, decided_in_sql(MESSAGE, known), strict=True):
        found = decide(MESSAGE, values)
        assert row[1:] == (found.row.code, found.outcome, list(found.reasons), list(found.unknown))


@given(drawn(MESSAGE), st.data())
@examples(300)
def test_a_fact_that_is_not_known_never_allows(values, data):
    """Only a horizon that nobody stated says nothing; every other gap forbids where the fact can matter."""
    name = data.draw(st.sampled_from([one for one in values if one != "horizon_days"]))
    gap = decide(MESSAGE, values | {name: None})
    if gap.outcome != Outcome.FORBID:
        for value in [True, False] if isinstance(fitting(MESSAGE)[name], bool) else [0, 1, 5, 17, 65, 99]:
            if name not in {"assessment", "regime"}:
                assert decide(MESSAGE, values | {name: value}).outcome != Outcome.FORBID


@pytest.mark.parametrize(
    ("risk_class", "allowed"), [("C0", 1), ("C1", 1), ("C2", 2), ("C3", 3), ("C4", 4), ("C5", 5)]
)
@pytest.mark.parametrize("regime", ["FS", "BW", "IN", "XX"])
def test_a_class_reaches_to_its_risk_and_no_further(risk_class, allowed, regime):
    for risk in range(1, 6):
        values = fitting(
            MESSAGE,
            product_risk=risk,
            highest_risk=allowed,
            is_lowest_class=risk_class == "C0",
            regime=regime,
        )
        assert (decide(MESSAGE, values).outcome == Outcome.ALLOW) == (risk <= allowed)


@pytest.mark.parametrize(
    ("regime", "status", "outcome"),
    [
        ("FS", "is_professional_person", "allow"),
        ("BW", "is_professional_person", "forbid"),
        ("FS", "is_institution", "allow"),
        ("BW", "is_institution", "allow"),
        ("IN", "is_institution", "forbid"),
        ("FS", "is_qualified", "forbid"),
    ],
)
def test_who_counts_as_professional_depends_on_the_regime(regime, status, outcome):
    values = fitting(MESSAGE, product_risk=5, highest_risk=1, regime=regime) | {status: True}
    assert decide(MESSAGE, values).outcome == outcome


def test_every_reason_has_words_and_those_that_reveal_the_age_are_general_for_some():
    assert set(REASONS) == {*(row.reason for row in MESSAGE.rows), MESSAGE.otherwise.reason}
    assert set(OUTCOMES) == set(MESSAGE.outcomes)
    assert reason_text("old", shows_age=False) == "personal circumstances"
    assert reason_text("old", shows_age=True) != "personal circumstances"
