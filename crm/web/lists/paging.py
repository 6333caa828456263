"""Paging by key: the next page starts after the last row shown, so page 1,000 costs what page 1 costs.

Nothing is counted. An order is one column and the row's key; rows without a value come last.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from crm.web.responses import BadQuery

T = TypeVar("T", bound=Model)

SIZE = 50
_LONGEST = 400  # characters of a token
_BIGGEST = 2**63 - 1


@dataclass(frozen=True)
class Order:
    """How a list is sorted: `column` (a lookup path), its type's reader, and the key that breaks ties."""

    column: str
    read: Callable[[str], Any]
    descending: bool = True
    key: str = "id"
    nulls: bool = True  # whether the column may be empty


@dataclass(frozen=True)
class Page:
    """Rows of one page and the token of the next one (empty: this is the last)."""

    rows: Sequence[Any]
    next: str
    first: bool


def instant(text: str) -> datetime:
    """An aware instant. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def amount(text: str) -> Decimal:
    """A finite decimal. Raises ValueError."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= Decimal(10) ** 18:
        raise ValueError(text)
    return value


def to_token(*values: Any) -> str:
    """Values of a row as text for an address; None stays None."""
    plain = [None if value is None else _plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def from_token(token: str, *readers: Callable[[str], Any]) -> list[Any]:
    """The values of a token, each read by its reader (None stays None). Raises BadQuery."""
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if not isinstance(values, list) or len(values) != len(readers):
            raise ValueError("other values than expected")
        pairs = zip(values, readers, strict=True)
        return [None if value is None else reader(_text(value)) for value, reader in pairs]
    except (ValueError, binascii.Error, RecursionError, OverflowError) as error:
        raise BadQuery(_("This link is not valid. Start again from the first page.")) from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not a text")
    return value


def whole(text: str) -> int:
    """An integer that a key may have. Raises ValueError."""
    value = int(text)
    if abs(value) > _BIGGEST:
        raise ValueError(text)
    return value


def page_of(rows: QuerySet[T], order: Order, after: str = "", size: int = SIZE) -> Page:
    """The rows after the token, in order; one query, a second one only where the rows with a value run out.

    Raises BadQuery on a token that was not given out for this order.
    """
    last, key = from_token(after, order.read, whole) if after else (None, None)
    if after and key is None:
        raise BadQuery(_("This link is not valid. Start again from the first page."))
    found: list[T] = []
    if not after or last is not None:
        found = list(_with_value(rows, order, last, key)[: size + 1])
    if order.nulls and len(found) <= size:
        start = key if after and last is None else None
        found += list(_without_value(rows, order, start)[: size + 1 - len(found)])
    shown = found[:size]
    following = ""
    if len(found) > size:
        following = to_token(_value(shown[-1], order.column), _value(shown[-1], order.key))
    return Page(shown, following, first=not after)


def _with_value(rows: QuerySet[T], order: Order, last: Any, key: int | None) -> QuerySet[T]:
    sign = "-" if order.descending else ""
    if order.nulls:
        rows = rows.filter(**{f"{order.column}__isnull": False})
    if last is not None:
        beyond, upto = ("lt", "lte") if order.descending else ("gt", "gte")
        # The first condition bounds the index scan, the second one only breaks the tie.
        rows = rows.filter(
            Q(**{f"{order.column}__{upto}": last})
            & (Q(**{f"{order.column}__{beyond}": last}) | Q(**{f"{order.key}__gt": key}))
        )
    return rows.order_by(f"{sign}{order.column}", order.key)


def _without_value(rows: QuerySet[T], order: Order, key: int | None) -> QuerySet[T]:
    rows = rows.filter(**{f"{order.column}__isnull": True})
    if key is not None:
        rows = rows.filter(**{f"{order.key}__gt": key})
    return rows.order_by(order.key)


def _value(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
