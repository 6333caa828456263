"""Decision tables: SQL says what Python says of any table and any facts, and what is unknown never helps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rules.decision_tables.conditions import (
    ALWAYS,
    AnyOf,
    Compare,
    In,
    Is,
    IsNull,
    Not,
    Operator,
    Ref,
    all_of,
    any_of,
    compare,
    evaluate,
)
from members.rules.decision_tables.decide import decide, read_line
from members.rules.decision_tables.table import BadTable, Fact, FactType, Row, Table
from tests.harness.examples import examples
from tests.members.rules.decision_tables.asking import decided_in_sql

OUTCOMES = ("allow", "warn", "forbid")
VALUES = {
    FactType.BOOLEAN: st.booleans(),
    FactType.INTEGER: st.integers(0, 3),
    FactType.NUMBER: st.sampled_from([Decimal("0.10"), Decimal("1.00"), Decimal(2)]),
    FactType.TEXT: st.sampled_from(["a", "b'%", "风"]),
    FactType.DATE: st.dates(date(2026, 1, 1), date(2026, 1, 3)),
}
FACTS = tuple(
    Fact(f"{kind.name.lower()}_{number}", kind, "{f}." + f"{kind.name.lower()}_{number}")
    for kind in FactType
    for number in (1, 2)
)
OTHERWISE = Row("–", "forbid", "nothing_holds", ALWAYS)


@st.composite
def _simple(draw):
    fact = draw(st.sampled_from(FACTS))
    has_order = fact.type not in {FactType.TEXT, FactType.BOOLEAN}
    operators = [one for one in Operator if has_order or not one.is_order]
    other = draw(
        st.sampled_from([Ref(one.name) for one in FACTS if one.type is fact.type]) | VALUES[fact.type]
    )
    choices = [
        Compare(fact.name, draw(st.sampled_from(operators)), other),
        IsNull(fact.name),
        In(fact.name, tuple(draw(st.lists(VALUES[fact.type], min_size=1, max_size=2)))),
    ]
    if fact.type is FactType.BOOLEAN:
        choices.append(Is(fact.name))
    return draw(st.sampled_from(choices))


CONDITIONS = st.recursive(
    _simple(),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(lambda found: all_of(*found)),
        st.lists(inner, max_size=3).map(lambda found: any_of(*found)),
    ),
    max_leaves=5,
)
FACT_VALUES = st.fixed_dictionaries({fact.name: st.none() | VALUES[fact.type] for fact in FACTS})


@st.composite
def tables(draw):
    found = draw(st.lists(st.tuples(st.sampled_from(OUTCOMES), CONDITIONS), min_size=1, max_size=8))
    rows = tuple(Row(f"T{at}", outcome, f"reason_{at}", when) for at, (outcome, when) in enumerate(found))
    return Table("drawn", "1", OUTCOMES, FACTS, rows, OTHERWISE)


@pytest.mark.django_db
@given(tables(), st.lists(FACT_VALUES, min_size=8, max_size=12))
@examples(60)
def test_sql_says_what_python_says(table, known):
    for values, (line, code, outcome, reasons, unknown) in zip(
        known, decided_in_sql(table, known), strict=True
    ):
        found = decide(table, values)
        assert (found.row.code, found.outcome) == (code, outcome)
        assert (list(found.reasons), list(found.unknown)) == (reasons, unknown)
        assert read_line(table, line) == found


@given(tables(), FACT_VALUES, st.sampled_from(FACTS), st.data())
@examples(300)
def test_to_know_less_is_never_more_lenient_where_rows_only_forbid_or_allow(table, values, fact, data):
    """A fact that is taken away gives an outcome as strict as some value of it would (conditions without
    `is null`, which say themselves what a gap means)."""
    table = Table(
        "two", "1", ("allow", "forbid"), FACTS, tuple(_without_gaps(row) for row in table.rows), OTHERWISE
    )
    gap = decide(table, values | {fact.name: None})
    full = decide(table, values | {fact.name: data.draw(VALUES[fact.type])})
    assert gap.outcome == "forbid" or full.outcome == "allow"


def _without_gaps(row: Row) -> Row:
    outcome = "allow" if row.outcome == "allow" else "forbid"
    return Row(row.code, outcome, row.reason, _known_only(row.when))


def _known_only(condition):
    match condition:
        case IsNull():
            return Not(ALWAYS)
        case Not(part):
            return Not(_known_only(part))
        case AnyOf(parts):
            return any_of(*map(_known_only, parts))
        case _ if hasattr(condition, "conditions"):
            return all_of(*map(_known_only, condition.conditions))
    return condition


def _table(*rows: Row, outcomes=OUTCOMES, facts=FACTS) -> Table:
    return Table("small", "1", outcomes, facts, rows, OTHERWISE)


def _nothing_known() -> dict:
    return dict.fromkeys(fact.name for fact in FACTS)


def test_the_first_row_decides_and_all_others_that_ask_for_more_are_kept():
    table = _table(
        Row("T1", "forbid", "one", compare("integer_1", "=", 1)),
        Row("T2", "warn", "two", compare("integer_1", ">=", 1)),
        Row("T3", "forbid", "three", compare("integer_1", ">=", 1)),
        Row("T4", "allow", "four", ALWAYS),
    )
    found = decide(table, _nothing_known() | {"integer_1": 1})
    assert (found.row.code, found.outcome, found.reasons) == ("T1", "forbid", ("one", "two", "three"))
    assert decide(table, _nothing_known() | {"integer_1": 2}).outcome == "warn"
    assert decide(table, _nothing_known() | {"integer_1": 0}).reasons == ("four",)


def test_an_unknown_row_forbids_whatever_its_outcome_and_says_so():
    warns = _table(Row("T1", "warn", "old", compare("integer_1", ">", 1)), Row("T2", "allow", "yes", ALWAYS))
    found = decide(warns, _nothing_known())
    assert (found.row.code, found.outcome, found.unknown) == ("T1", "forbid", ("old",))


def test_an_unknown_allowing_row_allows_nothing():
    found = decide(_table(Row("T1", "allow", "fits", Is("boolean_1"))), _nothing_known())
    assert (found.row, found.outcome) == (OTHERWISE, "forbid")


def test_a_row_is_put_before_another():
    table = _table(Row("T1", "forbid", "one", Is("boolean_1")), Row("T3", "allow", "three", ALWAYS))
    more = table.with_rows([Row("T2", "warn", "two", Is("boolean_2"))], before="T3")
    assert [row.code for row in more.rows] == ["T1", "T2", "T3"]
    with pytest.raises(BadTable, match="no row T9"):
        table.with_rows([], before="T9")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": ()}, "not 1 to 31 rows"),
        ({"facts": (*FACTS, FACTS[0])}, "two facts"),
        ({"outcomes": ("allow", "allow", "forbid")}, "outcomes"),
        ({"outcomes": ("forbid", "allow")}, "otherwise is not allow"),
        ({"rows": (Row("T1", "maybe", "a", ALWAYS),)}, "T1: unknown outcome maybe"),
        ({"rows": (Row("T1", "allow", "a", Is("age")),)}, "T1: unknown fact age"),
        ({"rows": (Row("T1", "allow", "a", ALWAYS), Row("T2", "allow", "a", ALWAYS))}, "reason a twice"),
        ({"rows": (Row("T1", "allow", "a", Is("integer_1")),)}, "not true or false"),
        ({"rows": (Row("T1", "allow", "a", compare("text_1", ">", "a")),)}, "no order"),
        ({"rows": (Row("T1", "allow", "a", compare("integer_1", "=", True)),)}, "another type"),
        ({"rows": (Row("T1", "allow", "a", Not(compare("date_1", "=", Ref("text_1")))),)}, "another type"),
        ({"rows": (Row("T1", "allow", "a", all_of(In("text_1", ("a", 1)))),)}, "another type"),
    ],
)
def test_a_table_that_contradicts_itself_is_not_built(change, words):
    given_parts = {"outcomes": OUTCOMES, "facts": FACTS, "rows": (Row("T1", "allow", "a", ALWAYS),)}
    with pytest.raises(BadTable, match=words):
        Table("small", "1", **(given_parts | change), otherwise=OTHERWISE)


def test_false_decides_over_what_is_unknown():
    values = _nothing_known() | {"boolean_1": False}
    assert evaluate(all_of(Is("boolean_2"), Is("boolean_1")), values) is False
    assert evaluate(any_of(Is("boolean_2"), Not(Is("boolean_1"))), values) is True
    assert evaluate(Not(Is("boolean_2")), values) is None
