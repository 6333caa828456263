"""A rule as a tree. Every node knows the JSON path where it was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class All:
    """True where all `rules` are."""

    path: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Any_:
    """True where one of `rules` is."""

    path: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Not:
    """True where `rule` is false."""

    path: str
    rule: Rule


@dataclass(frozen=True)
class FieldIs:
    """A field compared with a value: `value` is parsed (Decimal, date, tuple of texts, Span …)."""

    path: str
    field: str
    operator: str
    value: Any = None


@dataclass(frozen=True)
class Span:
    """A length of time: whole days, counted between platform days, or hours."""

    days: int = 0
    hours: int = 0


@dataclass(frozen=True)
class PropertyIs:
    """A property of an activity compared with a value; `key` is that within an open property."""

    path: str
    property: str
    operator: str
    value: Any = None
    key: str = ""


@dataclass(frozen=True)
class Period:
    """When an activity counts: `operator` is "" (ever), "within_last", "since", "before" or "between"."""

    operator: str = ""
    value: Any = None


@dataclass(frozen=True)
class Did:
    """What a member did: `measure` is "times", "sum" (of `property`), "first" or "last" (instants).

    Left out, it is at least once; never is 0 times.
    """

    path: str
    activity: str
    where: tuple[PropertyIs, ...]
    period: Period
    measure: str
    operator: str
    value: Any
    property: str = ""


@dataclass(frozen=True)
class Changed:
    """A measure that fell from its highest or rose from its lowest within days, by a share or an amount."""

    path: str
    measure: str
    direction: str
    by: str
    value: Any
    within: Span


Rule = All | Any_ | Not | FieldIs | Did | Changed
