"""Keyset pagination: sort rows by a column and a key, and start a page after the last row of the one before.

An index answers the bound wherever the page is, so page 1,000 costs what page 1 costs. Nothing is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func, Q, Value


@dataclass(frozen=True)
class Order:
    """A sort order: by `column`, ties by `key` (lookup paths). Rows without a value come last.

    `parse` reads a value of the column back from a token and raises ValueError; `nulls` says whether the
    column may be empty. Both columns run as the index runs: a bound costs least where they run the same way.
    """

    column: str
    parse: Callable[[str], Any]
    descending: bool = True
    key: str = "id"
    key_descending: bool = False
    nulls: bool = True


@dataclass(frozen=True)
class Segment:
    """A part of an order: the rows with a value, or (`empty`) those without one.

    With a `key`, only the rows after the row of that key and `value`.
    """

    empty: bool = False
    value: Any = None
    key: int | None = None


def remaining(order: Order, value: Any = None, key: int | None = None) -> list[Segment]:
    """The segments after the row of a value and a key; without a key, the whole order."""
    if key is not None and value is None:
        return [Segment(empty=True, key=key)]
    return [Segment(value=value, key=key), *([Segment(empty=True)] if order.nulls else [])]


def bound(order: Order, segment: Segment) -> Q:
    """The condition that selects a segment."""
    key_follows = Q(**{f"{order.key}__{'lt' if order.key_descending else 'gt'}": segment.key})
    if segment.empty:
        is_empty = Q(**{f"{order.column}__isnull": True})
        return is_empty if segment.key is None else is_empty & key_follows
    if segment.key is None:
        return Q(**{f"{order.column}__isnull": False}) if order.nulls else Q()
    if order.descending == order.key_descending:
        sign = "<" if order.descending else ">"
        values = F(order.column), F(order.key), Value(segment.value), Value(segment.key)
        return Q(_RowFollows(sign, *values))
    follows = "lt" if order.descending else "gt"
    # The first condition bounds the index scan, the second one only breaks the tie.
    return Q(**{f"{order.column}__{follows}e": segment.value}) & (
        Q(**{f"{order.column}__{follows}": segment.value}) | key_follows
    )


def ordering(order: Order) -> tuple[str, str]:
    """The arguments of order_by()."""
    return (
        f"{'-' if order.descending else ''}{order.column}",
        f"{'-' if order.key_descending else ''}{order.key}",
    )


class _RowFollows(Func):
    """Whether (value, key) follows another pair, as a comparison of rows, which bounds an index scan."""

    output_field = BooleanField()

    def __init__(self, sign: str, *expressions: Any) -> None:
        super().__init__(*expressions)
        self.sign = sign

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        value, key, last_value, last_key = (text for text, _parameters in parts)
        parameters = tuple(one for _text, some in parts for one in some)
        return f"({value}, {key}) {self.sign} ({last_value}, {last_key})", parameters
