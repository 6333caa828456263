"""Conditions over named facts, in three-valued logic: a comparison with an unknown fact is unknown (None).

The truth tables are those of SQL (and of Kleene): false and unknown is false, true or unknown is true.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

Value = bool | int | str | Decimal | date


class Operator(StrEnum):
    """How two values compare; the value is the operator in SQL."""

    EQ = "="
    NE = "<>"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="

    @property
    def is_order(self) -> bool:
        return self not in {Operator.EQ, Operator.NE}


_COMPARE: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


@dataclass(frozen=True)
class Ref:
    """Another fact, as the right side of a comparison."""

    fact: str


@dataclass(frozen=True)
class Is:
    """A fact that is true or false itself."""

    fact: str


@dataclass(frozen=True)
class IsNull:
    """The fact is not known. Never unknown itself."""

    fact: str


@dataclass(frozen=True)
class Compare:
    """A fact against a constant or another fact of the same type."""

    fact: str
    operator: Operator
    other: Value | Ref


@dataclass(frozen=True)
class In:
    """The fact is one of some constants."""

    fact: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class All:
    """Every condition holds; true of none."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one condition holds; false of none."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The condition does not hold; unknown where it is unknown."""

    condition: Condition


Condition = Is | IsNull | Compare | In | All | AnyOf | Not
ALWAYS = All(())


def all_of(*conditions: Condition) -> All:
    """Every one of these."""
    return All(conditions)


def any_of(*conditions: Condition) -> AnyOf:
    """At least one of these."""
    return AnyOf(conditions)


def compare(fact: str, sign: str, other: Value | Ref) -> Compare:
    """A comparison, its operator written as in SQL: `compare("age", ">=", 65)`."""
    return Compare(fact, Operator(sign), other)


def evaluate(condition: Condition, values: Mapping[str, Any]) -> bool | None:
    """Whether it holds for these facts (None: not known). Raises KeyError for a fact without an entry."""
    match condition:
        case Is(name):
            known: bool | None = values[name]
            return known
        case IsNull(name):
            return values[name] is None
        case Compare(name, sign, other):
            left = values[name]
            right = values[other.fact] if isinstance(other, Ref) else other
            return None if left is None or right is None else _COMPARE[sign](left, right)
        case In(name, choices):
            return None if values[name] is None else values[name] in choices
        case All(parts):
            found = [evaluate(part, values) for part in parts]
            return False if False in found else None if None in found else True
        case AnyOf(parts):
            found = [evaluate(part, values) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            holds = evaluate(part, values)
            return None if holds is None else not holds


def facts_of(condition: Condition) -> Iterator[str]:
    """The names of the facts that a condition reads."""
    match condition:
        case Compare(name, _, Ref(other)):
            yield from (name, other)
        case Is(name) | IsNull(name) | Compare(name) | In(name):
            yield name
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from facts_of(part)
        case Not(part):
            yield from facts_of(part)
