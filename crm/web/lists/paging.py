"""One page of a list: its rows and the token of the next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from crm.web.lists.keyset import Order, bound, ordering, remaining
from crm.web.lists.tokens import damaged_token, parse_integer, read_token, write_token

T = TypeVar("T", bound=Model)

SIZE = 50  # rows


@dataclass(frozen=True)
class Page:
    """Rows of one page and the token of the next one (empty: this is the last)."""

    rows: Sequence[Any]
    next: str
    first: bool


def page_of(rows: QuerySet[T], order: Order, after: str = "", size: int = SIZE) -> Page:
    """The rows after the token, in order; one query, a second one only where the rows with a value run out.

    Raises BadQuery on a token that was not written for this order.
    """
    value, key = read_token(after, order.parse, parse_integer) if after else (None, None)
    if after and key is None:
        raise damaged_token()
    found: list[T] = []
    for segment in remaining(order, value, key):
        in_order = rows.filter(bound(order, segment)).order_by(*ordering(order))
        found += in_order[: size + 1 - len(found)]
        if len(found) > size:
            break
    shown = found[:size]
    following = ""
    if len(found) > size:
        following = write_token(_value(shown[-1], order.column), _value(shown[-1], order.key))
    return Page(shown, following, first=not after)


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
