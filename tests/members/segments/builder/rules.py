"""Rules of every shape that the form has inputs for, over the fields and activities of the product."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from members.rules.catalogue.activities import Activity, Property, activities, measures
from members.rules.catalogue.fields import Field, fields
from members.rules.catalogue.types import Type

DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1)).map(str)
SPANS = st.integers(1, 400).map(lambda number: {"days": number})
NUMBERS = st.integers(0, 10**9)
WORDS = st.text("abc 会员", min_size=1, max_size=6).map(str.strip).filter(bool)
COMPARED = ("=", "!=", "<", "<=", ">", ">=")
ON = ("on", "before", "after", "on_or_before", "on_or_after")


def _pair(one: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.tuples(one, one).map(sorted).map(list)


def _with(operators: tuple[str, ...], value: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"op": st.sampled_from(operators), "value": value})


def _bare(*operators: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(operators).map(lambda operator: {"op": operator})


NUMBER = _with(COMPARED, NUMBERS) | _with(("between",), _pair(NUMBERS))
TIMES = _with(COMPARED, st.integers(0, 1_000_000))
DAY = _with(ON, DAYS) | _with(("between",), _pair(DAYS)) | _with(("within_last", "more_than_ago"), SPANS)


def compared(of: Field | Property) -> st.SearchStrategy[dict[str, Any]]:
    """An operator with a value that fits a field or a property."""
    values = [one.value for one in of.choices()] if of.choices else None
    one = st.sampled_from(values) if values else WORDS
    many = st.lists(one, min_size=1, max_size=3, unique=True)
    missing = _bare("missing", "present")
    if values == []:  # rows that an empty database does not have
        return _bare("empty", "not_empty") if of.type is Type.SET else missing
    match of.type:
        case Type.MONEY | Type.NUMBER:
            return NUMBER | missing
        case Type.DAY | Type.INSTANT:
            return DAY | _with(("within_next",), SPANS) | missing
        case Type.FLAG:
            return _with(("is",), st.booleans())
        case Type.SET:
            return _with(("has_any", "has_all", "has_none"), many) | _bare("empty", "not_empty")
        case Type.CHOICE:
            return _with(("=", "!="), one) | _with(("in", "not_in"), many) | missing
    return _with(("=", "!=", "starts_with", "contains"), one) | _with(("in", "not_in"), many) | missing


def _field(of: Field) -> st.SearchStrategy[dict[str, Any]]:
    return compared(of).map(lambda rest: {"field": of.name, **rest})


def _did(of: Activity) -> st.SearchStrategy[dict[str, Any]]:
    closed = [one for one in of.properties if not one.open]
    sums = [one.name for one in closed if one.type in (Type.MONEY, Type.NUMBER)]
    lines = [compared(one).map(lambda rest, name=one.name: {"property": name, **rest}) for one in closed]
    measures_of = [
        st.just({}),
        st.just({"never": True}),
        TIMES.map(lambda bound: {"times": bound}),
        st.sampled_from(("first", "last")).flatmap(lambda name: DAY.map(lambda bound: {name: bound})),
    ]
    if sums:
        measures_of.append(
            st.tuples(st.sampled_from(sums), NUMBER).map(lambda got: {"sum": {"property": got[0], **got[1]}})
        )
    periods = st.one_of(
        st.just({}),
        SPANS.map(lambda span: {"period": {"within_last": span}}),
        st.sampled_from(("since", "before")).flatmap(
            lambda name: DAYS.map(lambda day: {"period": {name: day}})
        ),
        _pair(DAYS).map(lambda days: {"period": {"between": days}}),
    )
    where = st.lists(st.one_of(lines), min_size=1, max_size=2) if lines else st.just([])
    wheres = st.just({}) | where.map(lambda found: {"where": found} if found else {})
    return st.tuples(wheres, periods, st.one_of(measures_of)).map(
        lambda parts: {"did": of.name, **parts[0], **parts[1], **parts[2]}
    )


def _change(name: str) -> st.SearchStrategy[dict[str, Any]]:
    by = st.integers(1, 100).map(lambda share: {"share": f"{share / 100:.2f}".rstrip("0").rstrip(".")})
    return st.fixed_dictionaries(
        {
            "change": st.just(name),
            "direction": st.sampled_from(("fell", "rose")),
            "by": by | st.integers(1, 10**6).map(lambda amount: {"amount": amount}),
            "within": SPANS,
        }
    )


def _conditions() -> st.SearchStrategy[dict[str, Any]]:
    some = [_field(one) for one in fields.values() if one.privacy[0].kind in ("money", "trait", "internal")]
    some += [_did(one) for one in activities.values()] + [_change(name) for name in measures]
    return st.one_of(some)


@cache  # of strategies: each draws on the same choices
def rules() -> st.SearchStrategy[dict[str, Any]]:
    """Groups of groups of conditions, negated or not."""
    return st.recursive(
        _conditions() | _conditions().map(lambda one: {"not": one}),
        lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
            lambda some: st.sampled_from([{"all": some}, {"any": some}, {"not": {"any": some}}])
        ),
        max_leaves=6,
    )
