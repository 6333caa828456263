"""Decides a table in Python, and reads the line of digits that its SQL gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from members.rules.decision_tables.conditions import evaluate
from members.rules.decision_tables.table import Row, Table

# A row's digit in a line, two bits each, the first row in the lowest.
FALSE, TRUE, UNKNOWN = 0, 1, 2
DIGITS = {False: FALSE, True: TRUE, None: UNKNOWN}


@dataclass(frozen=True)
class Held:
    """A row that holds, with its outcome; not `is_known`: because its condition cannot be judged."""

    row: Row
    outcome: str
    is_known: bool = True


@dataclass(frozen=True)
class Decision:
    """The row that decided first, then every other one that holds and asks for more than the most lenient."""

    held: tuple[Held, ...]

    @property
    def row(self) -> Row:
        return self.held[0].row

    @property
    def outcome(self) -> str:
        return self.held[0].outcome

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(one.row.reason for one in self.held)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The reasons that hold for want of a fact."""
        return tuple(one.row.reason for one in self.held if not one.is_known)


def decide(table: Table, values: Mapping[str, Any]) -> Decision:
    """What a table says of these facts, None where one is not known. Raises KeyError for a missing one."""
    return _decision(table, [DIGITS[evaluate(row.when, values)] for row in table.rows])


def read_line(table: Table, line: int) -> Decision:
    """The decision behind a line that the table's SQL gave."""
    return _decision(table, [line >> (2 * index) & 3 for index in range(len(table.rows))])


def _decision(table: Table, digits: Sequence[int]) -> Decision:
    held = []
    for row, digit in zip(table.rows, digits, strict=True):
        if digit == TRUE:
            held.append(Held(row, row.outcome))
        elif digit == UNKNOWN and row.outcome != table.lenient:
            held.append(Held(row, table.strictest, is_known=False))
    if not held:
        return Decision((Held(table.otherwise, table.strictest),))
    others = [one for one in held[1:] if one.outcome != table.lenient]
    return Decision((held[0], *others))
