"""The operators of each type, and the shape of the value that each takes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Type


class Shape(StrEnum):
    """What stands as the value of an operator."""

    NONE = "none"
    NUMBER = "number"
    NUMBERS = "numbers"  # [least, most]
    TEXT = "text"
    TEXTS = "texts"
    DAY = "day"
    DAYS = "days"  # [first, last]
    SPAN = "span"
    FLAG = "flag"


_MISSING = {"missing": Shape.NONE, "present": Shape.NONE}
NUMBERS = dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), Shape.NUMBER) | {"between": Shape.NUMBERS}
_LISTED = {"in": Shape.TEXTS, "not_in": Shape.TEXTS}
_EQUAL = {"=": Shape.TEXT, "!=": Shape.TEXT}
_ON = dict.fromkeys(("on", "before", "after", "on_or_before", "on_or_after"), Shape.DAY)
PASSED = _ON | {"between": Shape.DAYS, "within_last": Shape.SPAN, "more_than_ago": Shape.SPAN}
_DAYS = PASSED | {"within_next": Shape.SPAN} | _MISSING
_TEXT = _EQUAL | {"starts_with": Shape.TEXT, "contains": Shape.TEXT} | _LISTED | _MISSING
OPERATORS: dict[Type, dict[str, Shape]] = {
    Type.MONEY: NUMBERS | _MISSING,
    Type.NUMBER: NUMBERS | _MISSING,
    Type.TEXT: _TEXT,
    Type.CHOICE: _EQUAL | _LISTED | _MISSING,
    Type.DAY: _DAYS,
    Type.INSTANT: _DAYS,
    Type.FLAG: {"is": Shape.FLAG},
    Type.SET: dict.fromkeys(("has_any", "has_all", "has_none"), Shape.TEXTS)
    | {"empty": Shape.NONE, "not_empty": Shape.NONE},
}
ENCRYPTED = _MISSING
# A value under a key of an open property is a text, or a number where it is compared with one.
OPEN: dict[str, Shape] = _TEXT | {name: NUMBERS[name] for name in ("<", "<=", ">", ">=", "between")}
SCALAR = ("=", "!=")  # those of them that take a number, true or false as such beside a text


def operators_of(field: Field) -> dict[str, Shape]:
    """The operators of a field: of a value that is encrypted at rest only whether there is one."""
    return ENCRYPTED if field.decrypt else OPERATORS[field.type]


def holds(operator: str, number: Any, value: Any) -> bool:
    """An operator of numbers, in Python."""
    if operator == "between":
        return bool(value[0] <= number <= value[1])
    return {
        "=": number == value,
        "!=": number != value,
        "<": number < value,
        "<=": number <= value,
        ">": number > value,
        ">=": number >= value,
    }[operator]
