"""The headings of the list's columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

from crm.directory.list.pages.cells import classes_of
from crm.directory.list.pages.toolbar import query_string
from crm.directory.list.request.orders import order_named
from crm.staff.models import Staff
from members.rules.catalogue.fields import Field


@dataclass(frozen=True)
class Head:
    """The heading of a column: `address` sorts by it, `sorted` is the direction where the list is."""

    label: str | Promise
    help: str | Promise
    classes: str
    address: str
    sorted: str


def table_heads(columns: Iterable[Field], sorted_by: str, parameters: QueryDict, staff: Staff) -> list[Head]:
    """The headings of the columns of a list sorted by an order."""
    return [
        _head(column, classes_of(place, column, heading=True), sorted_by, parameters, staff)
        for place, column in enumerate(columns)
    ]


def _head(column: Field, classes: str, sorted_by: str, parameters: QueryDict, staff: Staff) -> Head:
    address = direction = ""
    if column.index and column.is_plain_to(staff):
        # Another click turns the order round.
        turned = f"-{column.name}" if sorted_by == column.name else column.name
        address = query_string(parameters, sort=turned)
        if sorted_by.removeprefix("-") == column.name and (order := order_named(sorted_by)):
            direction = "descending" if order.descending else "ascending"
    return Head(column.label, column.help, classes, address, direction)
