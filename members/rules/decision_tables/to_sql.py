"""Compiles a table to SQL expressions that say the same as `decide`.

Each condition is evaluated once a row, into a line of two bits for each row of the table; code, outcome and
reasons are read from the line:

    SELECT j.member_id, {code}, {outcome}, {reasons}
    FROM (SELECT f.member_id, {line} AS line FROM facts AS f OFFSET 0) AS j

`OFFSET 0` keeps the planner from evaluating the line again in each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members.rules.decision_tables.conditions import (
    All,
    AnyOf,
    Compare,
    Condition,
    In,
    Is,
    IsNull,
    Not,
    Ref,
    Value,
)
from members.rules.decision_tables.decide import FALSE, TRUE, UNKNOWN
from members.rules.decision_tables.table import Row, Table


@dataclass(frozen=True)
class TableSql:
    """Expressions: `line` (bigint) over the facts; the others over the column that holds the line.

    `code`, `outcome`: text. `reasons`: text[], that of the deciding row first. `unknown`: text[], those that
    hold for want of a fact.
    """

    line: str
    code: str
    outcome: str
    reasons: str
    unknown: str


def to_sql(table: Table, aliases: Mapping[str, str], *, line: str = "j.line") -> TableSql:
    """The table over relations: `aliases` gives the name of each that the facts name in braces.

    `line` is the column from which code, outcome and reasons are read. Percent signs are doubled, for a
    statement with parameters.
    """
    facts = {fact.name: f"({fact.sql.format(**aliases)})" for fact in table.facts}
    digits = [f"({line} >> {2 * index} & 3)" for index in range(len(table.rows))]
    return TableSql(
        line=" | ".join(
            f"(coalesce(({_condition(row.when, facts)})::int, {UNKNOWN})::bigint << {2 * index})"
            for index, row in enumerate(table.rows)
        ),
        code=_first(table, digits, [_text(row.code) for row in table.rows], _text(table.otherwise.code)),
        outcome=_outcome(table, digits),
        reasons=_reasons(table, digits),
        unknown=_listed(
            f"CASE WHEN {digit} = {UNKNOWN} THEN {_text(row.reason)} END"
            for row, digit in zip(table.rows, digits, strict=True)
            if row.outcome != table.lenient
        ),
    )


def _holds(table: Table, row: Row, digit: str) -> str:
    """Whether a row holds: an unknown one does too, unless its outcome is the most lenient."""
    return f"{digit} = {TRUE}" if row.outcome == table.lenient else f"{digit} <> {FALSE}"


def _first(table: Table, digits: list[str], results: list[str], otherwise: str) -> str:
    whens = " ".join(
        f"WHEN {_holds(table, row, digit)} THEN {result}"
        for row, digit, result in zip(table.rows, digits, results, strict=True)
    )
    return f"CASE {whens} ELSE {otherwise} END"


def _outcome(table: Table, digits: list[str]) -> str:
    strictest = _text(table.strictest)
    results = [
        f"CASE {digit} WHEN {UNKNOWN} THEN {strictest} ELSE {_text(row.outcome)} END"
        for row, digit in zip(table.rows, digits, strict=True)
    ]
    return _first(table, digits, results, strictest)


def _reasons(table: Table, digits: list[str]) -> str:
    """Those of the most lenient outcome are told only where they decide."""
    told, earlier = [], ["true"]
    for row, digit in zip(table.rows, digits, strict=True):
        holds = _holds(table, row, digit)
        decides = f" AND {' AND '.join(earlier)}" if row.outcome == table.lenient else ""
        told.append(f"CASE WHEN {holds}{decides} THEN {_text(row.reason)} END")
        earlier.append(f"NOT {holds}")
    otherwise = f"ARRAY[{_text(table.otherwise.reason)}]"
    return f"coalesce(nullif({_listed(told)}, '{{}}'), {otherwise})"


def _listed(expressions: Iterable[str]) -> str:
    return f"array_remove(ARRAY[{', '.join(expressions)}]::text[], NULL)"


def _condition(condition: Condition, facts: Mapping[str, str]) -> str:
    match condition:
        case Is(name):
            return facts[name]
        case IsNull(name):
            return f"{facts[name]} IS NULL"
        case Compare(name, sign, other):
            right = facts[other.fact] if isinstance(other, Ref) else _constant(other)
            return f"{facts[name]} {sign} {right}"
        case In(name, values):
            return f"{facts[name]} IN ({', '.join(_constant(value) for value in values)})"
        case All(()):
            return "true"
        case AnyOf(()):
            return "false"
        case All(parts):
            return " AND ".join(f"({_condition(part, facts)})" for part in parts)
        case AnyOf(parts):
            return " OR ".join(f"({_condition(part, facts)})" for part in parts)
        case Not(part):
            return f"NOT ({_condition(part, facts)})"


def _constant(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return f"{value}"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return _text(value)


def _text(value: str) -> str:
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"
