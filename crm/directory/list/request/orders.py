"""The orders of the list: by each field that has an index, either way. Rows without a value come last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.directory.list.request.columns import field_name
from crm.staff.models import Staff
from crm.web.lists.keyset import Order
from crm.web.lists.tokens import parse_amount, parse_instant
from members.rules.catalogue.fields import Field, Index, fields
from members.rules.catalogue.types import Type

DEFAULT = "aum"


@dataclass(frozen=True, kw_only=True)
class MemberOrder(Order):
    """An order of members by the value of a field; `name` stands in addresses and page tokens."""

    name: str
    field: Field
    index: Index


def _number(text: str) -> Decimal | int:
    """Whole numbers as such: an index on them serves no others. Raises ValueError."""
    value = parse_amount(text)
    return int(value) if value == value.to_integral_value() else value


_PARSERS: dict[Type, Callable[[str], Any]] = {
    Type.MONEY: parse_amount,
    Type.NUMBER: _number,
    Type.DAY: date.fromisoformat,
    Type.INSTANT: parse_instant,
}


def order_named(name: str) -> MemberOrder | None:
    """The order "field" or, the other way round, "-field"; None where no index serves it."""
    field = fields.get(field_name(name.removeprefix("-")))
    if field is None or field.index is None:
        return None
    return _order(field, field.index, turned=name.startswith("-"))


def _order(field: Field, index: Index, *, turned: bool) -> MemberOrder:
    descending = index.descending != turned
    return MemberOrder(
        name=f"{'-' if turned else ''}{field.name}",
        field=field,
        index=index,
        column=field.sql,
        parse=_PARSERS.get(field.type, str),
        descending=descending,
        key_descending=descending != index.ties_opposed,
        nulls=not index.complete,
    )


def orders_for(staff: Staff) -> dict[str, MemberOrder]:
    """The orders this person may ask for: order reveals values."""
    found = {}
    for field in fields.values():
        if field.index and field.is_plain_to(staff):
            for turned in (False, True):
                order = _order(field, field.index, turned=turned)
                found[order.name] = order
    return found


def order_label(order: MemberOrder) -> str:
    """The order in words."""
    label = {"field": order.field.label}
    if order.field.type in (Type.DAY, Type.INSTANT):
        words = _("%(field)s, latest first") if order.descending else _("%(field)s, earliest first")
    elif order.field.type in (Type.MONEY, Type.NUMBER):
        words = _("%(field)s, highest first") if order.descending else _("%(field)s, lowest first")
    else:
        words = _("%(field)s, Z to A") if order.descending else _("%(field)s, A to Z")
    return words % label
