"""A rule as JSON again, in one form: what is equal reads equal. It is stored, hashed and compared."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from members.rules.language.tree import (
    All,
    Any_,
    Changed,
    Did,
    FieldIs,
    Not,
    Period,
    PropertyIs,
    Rule,
    Span,
)


def to_json(rule: Rule) -> dict[str, Any]:
    """What `parse` would make the same rule of; keys in the order of docs/rules.md."""
    match rule:
        case All():
            return {"all": [to_json(one) for one in rule.rules]}
        case Any_():
            return {"any": [to_json(one) for one in rule.rules]}
        case Not():
            return {"not": to_json(rule.rule)}
        case FieldIs():
            return {"field": rule.field, **_compared(rule.operator, rule.value)}
        case Changed():
            return {
                "change": rule.measure,
                "direction": rule.direction,
                "by": {rule.by: value_to_json(rule.value)},
                "within": value_to_json(rule.within),
            }
        case Did():
            where = {"where": [_property(one) for one in rule.where]} if rule.where else {}
            return {"did": rule.activity, **where, **_period(rule.period), **_measure(rule)}


def _compared(operator: str, value: Any) -> dict[str, Any]:
    return {"op": operator} | ({} if value is None else {"value": value_to_json(value)})


def _property(one: PropertyIs) -> dict[str, Any]:
    name = f"{one.property}.{one.key}" if one.key else one.property
    return {"property": name, **_compared(one.operator, one.value)}


def _period(period: Period) -> dict[str, Any]:
    return {"period": {period.operator: value_to_json(period.value)}} if period.operator else {}


def _measure(rule: Did) -> dict[str, Any]:
    if rule.measure == "times":
        if (rule.operator, rule.value) == (">=", 1):
            return {}
        if (rule.operator, rule.value) == ("=", 0):
            return {"never": True}
    property = {"property": rule.property} if rule.measure == "sum" else {}
    return {rule.measure: property | _compared(rule.operator, rule.value)}


def value_to_json(value: Any) -> Any:
    """Whole numbers as such, others as a text of digits; days in ISO 8601; spans as an object."""
    match value:
        case bool() | str():
            return value
        case Span():
            return {"hours": value.hours} if value.hours else {"days": value.days}
        case date():
            return value.isoformat()
        case tuple():
            return [value_to_json(one) for one in value]
        case Decimal() if value != value.to_integral_value():
            return f"{value:f}".rstrip("0")  # normalize() would round at 28 digits
        case _:
            return int(value)
