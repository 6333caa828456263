"""The list of staff: who is visible to whom, filters, and how many members are assigned to each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Role, Staff
from crm.staff.permissions import MANAGE_STAFF, may
from crm.web.ids import IdField
from crm.web.lists.keyset import Order
from crm.web.lists.paging import SIZE, Page, page_of
from crm.web.lists.query_form import QueryForm

MOST_COUNTED = 5000  # members of a book
OPEN, CLOSED = "open", "closed"
BY_NAME = Order("name_key", str, descending=False, nulls=False)  # uses index: staff_by_name
_NO_FILTER = {name: gettext_lazy("Unknown filter.") for name in ("invalid", "invalid_choice")}
_SIZES = sql_beside(__file__)("book_sizes")


@dataclass(frozen=True)
class StaffFilters:
    """The filters of the list; empty means all."""

    text: str = ""
    role: str = ""
    team: int | None = None
    state: str = ""


@dataclass(frozen=True)
class BookSize:
    """Members in a book; `more`: there are more than MOST_COUNTED."""

    members: int
    more: bool = False

    def __add__(self, other: BookSize) -> BookSize:
        return BookSize(self.members + other.members, self.more or other.more)


@dataclass(frozen=True)
class StaffRow:
    """One row of the list."""

    staff: Staff
    book: BookSize


def visible_staff(reader: Staff) -> QuerySet[Staff]:
    """Everybody for an administrator; for a team lead the own team, without a team only themselves."""
    rows = Staff.objects.select_related("team")
    if may(reader, MANAGE_STAFF):
        return rows
    if reader.team_id is not None:
        return rows.filter(team=reader.team_id)
    return rows.filter(pk=reader.pk)


class _Query(QueryForm):
    role = forms.ChoiceField(required=False, choices=Role.choices, error_messages=_NO_FILTER)
    state = forms.ChoiceField(
        required=False, choices=[(OPEN, OPEN), (CLOSED, CLOSED)], error_messages=_NO_FILTER
    )
    team = IdField(required=False, error_messages=_NO_FILTER)


def parse_filters(parameters: QueryDict) -> StaffFilters:
    """The filters of a query string. Raises BadQuery."""
    text = parameters.get("q", "").replace("\0", "").strip()[:60]
    return StaffFilters(text=text, **_Query.read(parameters))


def list_staff(filters: StaffFilters, reader: Staff, after: str = "") -> Page:
    """One page of StaffRow, by name. Two queries. Raises BadQuery."""
    rows = visible_staff(reader)
    if filters.text:
        rows = rows.filter(Q(display_name__icontains=filters.text) | Q(username__icontains=filters.text))
    if filters.role:
        rows = rows.filter(role=filters.role)
    if filters.team is not None:
        rows = rows.filter(team=filters.team)
    if filters.state:
        rows = rows.filter(is_active=filters.state == OPEN)
    page = page_of(rows, BY_NAME, after, SIZE)
    return Page(with_books(page.rows), page.next, page.first)


def with_books(staff: Sequence[Staff]) -> list[StaffRow]:
    """These staff members with the sizes of their books. One query."""
    sizes = book_sizes(row.pk for row in staff)
    return [StaffRow(row, sizes[row.pk]) for row in staff]


def book_sizes(staff_ids: Iterable[int]) -> dict[int, BookSize]:
    """How many members are assigned to each now, counted up to MOST_COUNTED. One query."""
    values: dict[str, Any] = {"staff": list(staff_ids), "bound": MOST_COUNTED + 1}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, values)
        return {
            key: BookSize(min(count, MOST_COUNTED), count > MOST_COUNTED) for key, count in cursor.fetchall()
        }
