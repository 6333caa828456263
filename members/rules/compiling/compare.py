"""One value of a member or of a row compared with one of the rule (docs/rules.md, operators)."""

from __future__ import annotations

from typing import Any

from members.rules.catalogue.types import Type
from members.rules.compiling.compare_days import compare_days
from members.rules.compiling.part import Part, Scope, operand, strict


def compare(
    expression: str, type: Type, operator: str, value: Any, scope: Scope, *, counts_from_itself: bool = False
) -> Part:
    """`counts_from_itself`: of a day or an instant, that of a fact which does not exist before it."""
    expression = operand(expression)
    if type in (Type.DAY, Type.INSTANT):
        return compare_days(expression, type, operator, value, scope, counts_from_itself=counts_from_itself)
    if type is Type.SET:
        return Part(_set(expression, operator, value, scope))
    if type is Type.FLAG:
        wanted = f"({expression})" if value else f"(NOT ({expression}))"
        # EXISTS is never NULL. Written plainly, the planner may look up the few for whom it is true.
        return Part(wanted if expression.startswith("(EXISTS ") else strict(wanted, expression))
    blank = type in (Type.TEXT, Type.CHOICE)
    if operator == "missing":
        return Part(f"({expression} IS NULL OR {expression} = '')" if blank else f"({expression} IS NULL)")
    if operator == "present":
        return Part(strict(f"{expression} <> ''", expression) if blank else f"({expression} IS NOT NULL)")
    condition = _text(expression, operator, value, scope) if blank else None
    return Part(strict(condition or _number(expression, operator, value, scope), expression))


def _number(expression: str, operator: str, value: Any, scope: Scope) -> str:
    if operator == "between":
        return f"{expression} BETWEEN {scope.bind(value[0])} AND {scope.bind(value[1])}"
    return f"{expression} {'<>' if operator == '!=' else operator} {scope.bind(value)}"


def _text(expression: str, operator: str, value: Any, scope: Scope) -> str:
    given = scope.bind(value)
    return {
        "=": f"{expression} = {given}",
        "!=": f"{expression} <> {given} AND {expression} <> ''",
        "in": f"{expression} = ANY({given}::text[])",
        "not_in": f"{expression} <> ALL({given}::text[]) AND {expression} <> ''",
        "starts_with": f"starts_with({expression}, {given}::text)",
        "contains": f"strpos({expression}, {given}::text) > 0",
    }[operator]


def _set(expression: str, operator: str, value: Any, scope: Scope) -> str:
    array = f"coalesce(({expression})::text[], '{{}}')"
    if operator in ("empty", "not_empty"):
        return f"(cardinality({array}) {'=' if operator == 'empty' else '>'} 0)"
    given = f"{scope.bind(value)}::text[]"
    if operator == "has_none":
        return f"(NOT {array} && {given})"
    return f"({array} {'&&' if operator == 'has_any' else '@>'} {given})"
