"""What compiling shares: pieces of SQL with their next instant, bound parameters, days in SQL."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from crm.runtime import clock
from members.rules.catalogue.platform_days import day_start

NOW, TODAY = "%(now)s", "%(today)s"
_COLUMN = re.compile(r"[a-z_]+\.[a-z_]+")


@dataclass(frozen=True)
class Part:
    """A condition that is never NULL, and its `next`: the first instant after now at which it can flip.

    `next` is an expression that is NULL where it never does; None: it never does for anybody.
    """

    sql: str
    next: str | None = None


@dataclass
class Scope:
    """One compilation: the instant, how it is asked, and what is gathered on the way.

    `few`: asked of few members, who are each looked up; else of everybody, in one pass over a table.
    `watched`: changes of stored values are told by their writes, and need no next instant.
    """

    now: datetime
    past: bool = False
    few: bool = True
    prefix: str = "r"
    watched: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.today = clock.day_of(self.now)

    def bind(self, value: Any) -> str:
        """The placeholder of a value. No value ever becomes part of a statement."""
        name = f"{self.prefix}{len(self.values)}"
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = int(value)  # an index on whole numbers serves these only
        self.values[name] = list(value) if isinstance(value, tuple) else value
        return f"%({name})s"

    def bind_start(self, day: date) -> str:
        """The placeholder of the first instant of a platform day."""
        return f"{self.bind(clock.day_start(day))}::timestamptz"

    def days_ago(self, days: int) -> date:
        """A platform day counted back from today; far beyond all facts where none is so early."""
        return self.today - timedelta(days=days)

    def parameters(self) -> dict[str, Any]:
        """All that is bound, with the instant asked about and its platform day."""
        return {"now": self.now, "today": self.today, **self.values}


def operand(expression: str) -> str:
    """An expression as it can stand beside an operator."""
    return expression if _COLUMN.fullmatch(expression) else f"({expression})"


def strict(condition: str, expression: str) -> str:
    """A condition that would be NULL where `expression` is, as one that is false there.

    Of a column it is written so that an index on it still serves.
    """
    if _COLUMN.fullmatch(expression):
        return f"({expression} IS NOT NULL AND {condition})"
    return f"coalesce({condition}, false)"


def start_of(day: str) -> str:
    """The first instant of a platform day, in SQL."""
    return day_start(f"({day})")


def earliest(nexts: Iterable[str | None]) -> str | None:
    """The first of several instants, in SQL; None where there is none."""
    found = list(dict.fromkeys(one for one in nexts if one is not None))
    if not found:
        return None
    return found[0] if len(found) == 1 else f"least({', '.join(found)})"
