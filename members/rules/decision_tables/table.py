"""What a decision table is: facts, rows in order, outcomes from the most lenient to the strictest.

A table says what is wrong with it when it is built, so that no wrong one can be decided by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum

from members.rules.decision_tables.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    In,
    Is,
    Not,
    Ref,
    Value,
    facts_of,
)

MOST_ROWS = 31  # two bits a row in a bigint


class FactType(Enum):
    """What a fact is; the value is its Python type."""

    BOOLEAN = bool
    INTEGER = int
    NUMBER = Decimal
    TEXT = str
    DATE = date


@dataclass(frozen=True)
class Fact:
    """One input. `sql` reads it from relations named in braces: `"{member}.risk_class"`."""

    name: str
    type: FactType
    sql: str


@dataclass(frozen=True)
class Row:
    """One row: `code` is its number in the source, `reason` its key, unique in the table."""

    code: str
    outcome: str
    reason: str
    when: Condition


class BadTable(ValueError):
    """The table contradicts itself; the message names row or fact."""


@dataclass(frozen=True)
class Table:
    """Rows in the order in which they are asked; the first that holds decides.

    `outcomes` go from the most lenient to the strictest. A row whose condition is unknown holds and has the
    strictest outcome, unless its own outcome is the most lenient: then it does not hold. Where no row
    holds, `otherwise` decides, with the strictest outcome. So what is not known never helps.
    """

    name: str
    version: str
    outcomes: tuple[str, ...]
    facts: tuple[Fact, ...]
    rows: tuple[Row, ...]
    otherwise: Row

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise BadTable(f"{self.name}: " + "; ".join(faults))

    @property
    def lenient(self) -> str:
        return self.outcomes[0]

    @property
    def strictest(self) -> str:
        return self.outcomes[-1]

    def with_rows(self, rows: Sequence[Row], *, before: str, facts: Sequence[Fact] = ()) -> Table:
        """The table with more rows before the first row of this code. Raises BadTable."""
        at = next((index for index, row in enumerate(self.rows) if row.code == before), None)
        if at is None:
            raise BadTable(f"{self.name}: no row {before}")
        return replace(self, facts=(*self.facts, *facts), rows=(*self.rows[:at], *rows, *self.rows[at:]))


def _faults(table: Table) -> Iterator[str]:
    types = {fact.name: fact.type for fact in table.facts}
    if len(types) < len(table.facts):
        yield "two facts have one name"
    reasons = [row.reason for row in (*table.rows, table.otherwise)]
    yield from (f"reason {one} twice" for one in {one for one in reasons if reasons.count(one) > 1})
    if not 1 <= len(table.rows) <= MOST_ROWS:
        yield f"not 1 to {MOST_ROWS} rows"
    if len(set(table.outcomes)) < max(2, len(table.outcomes)):
        yield "outcomes are at least two different ones"
    if table.otherwise.outcome != table.strictest:
        yield f"otherwise is not {table.strictest}"
    for row in table.rows:
        if row.outcome not in table.outcomes:
            yield f"{row.code}: unknown outcome {row.outcome}"
        unknown = set(facts_of(row.when)) - set(types)
        if unknown:
            yield f"{row.code}: unknown fact {', '.join(sorted(unknown))}"
        else:
            yield from (f"{row.code}: {fault}" for fault in _type_faults(row.when, types))


def _type_faults(condition: Condition, types: dict[str, FactType]) -> Iterator[str]:
    match condition:
        case Is(name) if types[name] is not FactType.BOOLEAN:
            yield f"{name} is not true or false"
        case Compare(name, sign, other):
            other_type = types[other.fact] if isinstance(other, Ref) else _type_of(other)
            if other_type is not types[name]:
                yield f"{name} is compared with another type"
            if sign.is_order and types[name] in {FactType.TEXT, FactType.BOOLEAN}:
                yield f"{name} has no order"
        case In(name, values) if {_type_of(value) for value in values} != {types[name]}:
            yield f"{name} is compared with another type, or with nothing"
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _type_faults(part, types)
        case Not(part):
            yield from _type_faults(part, types)


def _type_of(value: Value) -> FactType | None:
    # A member of a StrEnum is text, and true is not 1.
    return next((one for one in FactType if type(value) is one.value), None) or (
        FactType.TEXT if isinstance(value, str) else None
    )
