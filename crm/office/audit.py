"""The log of reveals as the office reads it: filtered, paged by key, and what is unusual today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.runtime import clock
from crm.staff.models import Reveal, Staff
from crm.web.ids import IdField
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.tokens import parse_instant
from crm.web.queries import QueryForm
from members.profiles.masking import MemberView, member_number, present

# Uses indexes reveal_by_time, _of_staff, _of_member, _of_field
LATEST_FIRST = Order("at", parse_instant, nulls=False)
EXPORTED = 10_000  # rows of one file
MANY = 20  # values shown to one person in a day that deserve a look
TIMES = 3  # and so many times that person's own daily average
LOOK_BACK = 28  # days the average is taken over
LABELS: dict[str, str | Promise] = {
    "name": gettext_lazy("Name"),
    "mobile": gettext_lazy("Mobile"),
    "email": gettext_lazy("Email"),
    "id_number": gettext_lazy("ID number"),
    "address": gettext_lazy("Address"),
    "birth_date": gettext_lazy("Date of birth"),
}
_NO_FILTER = {name: gettext_lazy("Unknown filter.") for name in ("invalid", "invalid_choice")}
_NO_MEMBER = {"invalid": gettext_lazy("Search by member number, for example #123.")}
_NO_DAY = {"invalid": gettext_lazy("Enter dates as 2026-11-22.")}
_DAYS = (  # in which the clock can reckon
    MinValueValidator(date(1900, 1, 1), _NO_DAY["invalid"]),
    MaxValueValidator(date(2200, 1, 1), _NO_DAY["invalid"]),
)


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; None and empty mean all. Days are platform days, both included."""

    staff: int | None = None
    member: int | None = None
    field: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class ShownReveal:
    """One reveal: the row, what was shown in words, and the member as this reader may see them."""

    row: Reveal
    what: str | Promise
    number: str
    view: MemberView | None


@dataclass(frozen=True)
class Unusual:
    """Somebody who was shown many values today: how many, and what is usual for them a day."""

    staff: Staff
    today: int
    usual: float


class _Query(QueryForm):
    staff = IdField(required=False, error_messages=_NO_FILTER)
    member = IdField(required=False, mark="#", error_messages=_NO_MEMBER)
    field = forms.ChoiceField(
        required=False, choices=[(name, name) for name in LABELS], error_messages=_NO_FILTER
    )
    since = forms.DateField(required=False, validators=_DAYS, error_messages=_NO_DAY)
    until = forms.DateField(required=False, validators=_DAYS, error_messages=_NO_DAY)


def read_filters(parameters: QueryDict) -> Filters:
    """The filters of an address. Raises BadQuery."""
    return Filters(**_Query.read(parameters))


def reveals(filters: Filters) -> QuerySet[Reveal]:
    """The rows that fit, unordered."""
    rows = Reveal.objects.select_related("staff")
    if filters.staff is not None:
        rows = rows.filter(staff=filters.staff)
    if filters.member is not None:
        rows = rows.filter(member_id=filters.member)
    if filters.field:
        rows = rows.filter(field=filters.field)
    if filters.since is not None:
        rows = rows.filter(at__gte=clock.day_start(filters.since))
    if filters.until is not None:
        rows = rows.filter(at__lte=clock.day_end(filters.until))
    return rows


def list_reveals(filters: Filters, reader: Staff, after: str = "") -> Page:
    """One page of ShownReveal, latest first. Two queries. Raises BadQuery."""
    page = page_of(reveals(filters), LATEST_FIRST, after)
    return Page(show(page.rows, reader), page.next, page.first)


def show(rows: Sequence[Reveal], reader: Staff) -> list[ShownReveal]:
    """Rows made ready for this reader. One query."""
    ids = [row.member_id for row in rows]
    views = {view.id: view for view in present(ids, staff=reader, fields=("name",))}
    return [
        ShownReveal(
            row, LABELS.get(row.field, row.field), member_number(row.member_id), views.get(row.member_id)
        )
        for row in rows
    ]


def people_named(filters: Filters) -> Staff | None:
    """The person the list is narrowed to, if any."""
    return Staff.objects.filter(pk=filters.staff).first() if filters.staff is not None else None


def today_in_numbers(now: datetime) -> tuple[int, int, list[Unusual]]:
    """Values shown today, to how many people, and who saw unusually many. At most three queries.

    Reads the rows of today and, for those with MANY and more only, of the LOOK_BACK days before.
    """
    start = clock.day_start(clock.day_of(now))
    rows = Reveal.objects.filter(at__gte=start, at__lte=now).values_list("staff")
    today: dict[int, int] = dict(rows.annotate(Count("id")).order_by())
    many = [staff for staff, count in today.items() if count >= MANY]
    if not many:
        return sum(today.values()), len(today), []
    past = Reveal.objects.filter(staff__in=many, at__gte=start - timedelta(days=LOOK_BACK), at__lt=start)
    before: dict[int, int] = dict(past.values_list("staff").annotate(Count("id")).order_by())
    unusual = [
        Unusual(person, today[person.pk], before.get(person.pk, 0) / LOOK_BACK)
        for person in Staff.objects.filter(pk__in=many)
        if today[person.pk] >= TIMES * before.get(person.pk, 0) / LOOK_BACK
    ]
    return sum(today.values()), len(today), sorted(unusual, key=lambda one: -one.today)
