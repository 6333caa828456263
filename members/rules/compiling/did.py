"""What members did, in SQL: every measure but a sum is made of one question, "at least n rows within …?"."""

from __future__ import annotations

from typing import Any

from members.rules.catalogue.activities import Activity, activities
from members.rules.catalogue.types import Type
from members.rules.compiling.compare import compare
from members.rules.compiling.groups import all_of, any_of, negated
from members.rules.compiling.interval import Interval, both, interval_of, split
from members.rules.compiling.part import Part, Scope
from members.rules.compiling.rows import Rows, at_least, summed
from members.rules.language.tree import Did, PropertyIs


def compile_did(rule: Did, scope: Scope) -> Part:
    """An activity, narrowed by properties and period, measured."""
    rows = rows_of(rule, scope)
    period = interval_of(rule.period)
    if rule.measure == "times":
        return _times(rows, period, rule.operator, rule.value, scope)
    if rule.measure == "sum":
        expression = next(one.sql for one in rows.activity.properties if one.name == rule.property)
        return summed(rows, period, expression, rule.operator, rule.value, scope)
    inside, after, before = split(rule.operator, rule.value)
    found = at_least(1, rows, both(period, inside), scope)
    beside = after if rule.measure == "last" else before
    if beside is None:
        return found
    return all_of([found, negated(at_least(1, rows, both(period, beside), scope))])


def rows_of(rule: Did, scope: Scope) -> Rows:
    """The rows that a condition is about, whenever they happened."""
    activity = activities[rule.activity]
    scope.tables.add(activity.table)
    return Rows(activity, tuple(_where(one, activity, scope) for one in rule.where))


def _times(rows: Rows, period: Interval, operator: str, value: Any, scope: Scope) -> Part:
    def least(count: int) -> Part:
        return at_least(count, rows, period, scope)

    if operator == "between":
        low, high = value
        return all_of([least(low), negated(least(high + 1))])
    match operator:
        case ">=":
            return least(value)
        case ">":
            return least(value + 1)
        case "<":
            return negated(least(value))
        case "<=":
            return negated(least(value + 1))
        case "=":
            return all_of([least(value), negated(least(value + 1))])
        case _:
            return any_of([negated(least(value)), least(value + 1)])


def _where(one: PropertyIs, activity: Activity, scope: Scope) -> Part:
    property = next(known for known in activity.properties if known.name == one.property)
    scope.tables |= set(property.tables)
    expression, type = property.sql, property.type
    if property.open:
        key = f"{scope.bind(one.key)}::text"
        expression, type = _open(expression, key, one.value)
    missing = one.operator == "missing"  # also where nothing stands in the other tables
    operator = "present" if missing else one.operator
    part = compare(
        expression, type, operator, one.value, scope, counts_from_itself=property.counts_from_itself
    )
    sql = property.through.replace("{condition}", part.sql)
    return Part(f"(({sql}) IS NOT TRUE)" if missing else f"({sql})", part.next)


def _open(expression: str, key: str, value: Any) -> tuple[str, Type]:
    """What stands under a key: as a text, a flag, or a number (a text of digits is one too)."""
    text = f"({expression} ->> {key})"
    if isinstance(value, bool):
        return (
            f"CASE WHEN jsonb_typeof({expression} -> {key}) = 'boolean' THEN {text}::boolean END",
            Type.FLAG,
        )
    if isinstance(value, str) or value is None or isinstance(value, tuple) and isinstance(value[0], str):
        return text, Type.TEXT
    number = r"^\s*-?[0-9]{1,30}(\.[0-9]{1,20})?\s*$"
    return f"CASE WHEN {text} ~ '{number}' THEN {text}::numeric END", Type.NUMBER
