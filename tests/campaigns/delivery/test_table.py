"""The gate's table in Python and in SQL, and how suitability is put into it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from campaigns.delivery.gate.table import TABLE, combine
from members.rules.decision_tables.conditions import evaluate
from members.rules.decision_tables.decide import decide

CLEAR = {fact.name: False for fact in TABLE.facts} | {
    "purpose": "product_marketing", "copy_status": "approved", "suitability": "allow", "is_offered": True,
    "has_address": True, "is_consented": True, "is_sensitive_consented": True, "is_personalisation_on": True,
}  # fmt: skip
# What makes each row hold, in the order of the table.
HOLDS = {
    "copy_not_approved": {"copy_status": "not_approved"},
    "copy_withdrawn": {"copy_status": "withdrawn"},
    "copy_expired": {"copy_status": "expired"},
    "copy_lapsed": {"copy_status": "lapsed"},
    "copy_other_channel": {"copy_status": "other_channel"},
    "value_missing": {"is_value_missing": True},
    "value_refused": {"is_value_refused": True},
    "operator_may_not": {"is_offered": False},
    "no_address": {"has_address": False},
    "no_consent": {"is_consented": False},
    "suppressed": {"is_suppressed": True},
    "no_sensitive_consent": {"is_sensitive": True, "is_sensitive_consented": False},
    "open_complaint": {"purpose": "marketing", "has_complaint": True},
    "underage": {"purpose": "marketing", "is_minor": True},
    "unsuitable": {"suitability": "forbid"},
    "personalisation_off": {"is_personalised": True, "is_personalisation_on": False},
    "capped": {"is_capped": True},
    "quiet_hours": {"is_quiet": True},
    "caution": {"suitability": "warn"},
    "suitable": {},
    "service": {"purpose": "service"},
    "education": {"purpose": "education"},
    "marketing": {"purpose": "marketing"},
}


def test_the_rows_are_all_tried():
    assert list(HOLDS) == [row.reason for row in TABLE.rows]


@pytest.mark.parametrize("reason", HOLDS)
def test_each_row_decides_when_it_alone_holds(reason):
    found = decide(TABLE, CLEAR | HOLDS[reason])
    row = next(row for row in TABLE.rows if row.reason == reason)
    assert (found.row.reason, found.outcome) == (reason, row.outcome)


WITHHOLDING = [row.reason for row in TABLE.rows if row.outcome != "allow"]


@pytest.mark.parametrize(("first", "second"), list(pairwise(WITHHOLDING)))
def test_of_two_neighbours_the_first_decides_and_both_are_told(first, second):
    values = CLEAR | HOLDS[second] | HOLDS[first]
    rows = {row.reason: row for row in TABLE.rows}
    found = decide(TABLE, values)
    assert found.row.reason == first
    assert (second in found.reasons) == bool(evaluate(rows[second].when, values))


@pytest.mark.parametrize("fact", [fact.name for fact in TABLE.facts])
def test_what_is_not_known_forbids(fact):
    for purpose in ("product_marketing", "marketing"):
        found = decide(TABLE, CLEAR | {"purpose": purpose} | {fact: None})
        about_product = fact == "suitability" and purpose == "marketing"
        own = fact in ("has_complaint", "is_minor") and purpose == "product_marketing"
        unasked = fact.startswith(("is_sensitive", "is_personalis")) or about_product or own
        assert found.outcome == ("allow" if unasked else "forbid"), fact


def test_suitability_gives_its_row_and_reasons():
    told = ("M7", ("above_class", "elderly"))
    assert combine("M", "forbid", ["unsuitable", "quiet_hours"], told).row == "M7"
    assert combine("M", "forbid", ["unsuitable", "quiet_hours"], told).reasons == (
        "above_class", "elderly", "quiet_hours",
    )  # fmt: skip
    assert combine("M2", "forbid", ["no_consent", "unsuitable"], told).reasons == (
        "no_consent", "above_class", "elderly",
    )  # fmt: skip
    assert combine("M11", "warn", ["caution"], ("M11", ("elderly",))).outcome == "allow"
