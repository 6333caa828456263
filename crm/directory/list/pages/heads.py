"""The headings of the list's columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.functional import Promise

from crm.directory.list.fields.columns import Column
from crm.directory.list.fields.orders import ORDERS
from crm.directory.list.pages.toolbar import query_string

ON_PHONES = ("stage", "aum")  # columns that are shown on a narrow screen


@dataclass(frozen=True)
class Head:
    """The heading of a column: `address` sorts by it, `sorted` is the direction where the list is."""

    label: str | Promise
    classes: str
    address: str
    sorted: str


def table_heads(columns: Iterable[Column], sorted_by: str, parameters: QueryDict) -> list[Head]:
    """The headings of the columns of a list sorted by an order."""
    return [_head(column, sorted_by, parameters) for column in columns]


def _head(column: Column, sorted_by: str, parameters: QueryDict) -> Head:
    classes = (["end"] if column.number else []) + ([] if column.name in ON_PHONES else ["wide-only"])
    address = query_string(parameters, sort=column.sort) if column.sort else ""
    direction = ""
    if column.sort and column.sort == sorted_by:
        direction = "descending" if ORDERS[column.sort].descending else "ascending"
    return Head(column.label, " ".join(classes), address, direction)
