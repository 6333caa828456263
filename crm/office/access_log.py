"""The data access log: filter and page the reveals, and find unusual volumes today."""

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
from crm.runtime.secrets.crypto import decrypt
from crm.staff.models import Reveal, Staff
from crm.staff.privacy.access_log import field_label, fields, reason_text
from crm.staff.privacy.export_log import TERM
from crm.staff.privacy.personal import mask_term
from crm.web.ids import IdField
from crm.web.lists.keyset import Order
from crm.web.lists.paging import Page, page_of
from crm.web.lists.query_form import QueryForm
from crm.web.lists.tokens import parse_instant
from members.profiles.member_view import MemberView, member_number, member_views

# Uses indexes reveal_by_time, _of_staff, _of_member, _of_field
LATEST_FIRST = Order("at", parse_instant, nulls=False)
EXPORT = "access log"  # in the log of exports
EXPORTED = 10_000  # rows of one file
UNUSUAL_FROM = 20  # reveals of one person in a day
UNUSUAL_TIMES = 3  # and so many times that person's own daily average
AVERAGED_DAYS = 28
_NO_FILTER = {name: gettext_lazy("Unknown filter.") for name in ("invalid", "invalid_choice")}
_NO_MEMBER = {"invalid": gettext_lazy("Search by member number, for example #123.")}
_NO_DAY = {"invalid": gettext_lazy("Enter dates as 2026-11-22.")}
_DAYS = (  # that the clock can convert
    MinValueValidator(date(1900, 1, 1), _NO_DAY["invalid"]),
    MaxValueValidator(date(2200, 1, 1), _NO_DAY["invalid"]),
)


@dataclass(frozen=True)
class LogFilters:
    """The filters of the log; None and empty mean all. Days are platform days, both included."""

    staff: int | None = None
    member: int | None = None
    field: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class LogEntry:
    """One reveal: the row, the label of the revealed field, and the member as this reader may see them.

    Of a search `term` is what was searched for, masked; without a member it found none or several.
    """

    row: Reveal
    what: str | Promise
    number: str
    view: MemberView | None
    term: str = ""

    @property
    def reason(self) -> str:
        """The reason or purpose in the reader's words."""
        return reason_text(self.row.reason)


@dataclass(frozen=True)
class UnusualVolume:
    """Somebody who revealed many values today, and their daily average."""

    staff: Staff
    today: int
    usual: float


def revealable_fields() -> list[tuple[str, str]]:
    """(name, label) of the fields that can be revealed."""
    return [(name, str(label)) for name, label in fields().items()]


class _Query(QueryForm):
    staff = IdField(required=False, error_messages=_NO_FILTER)
    member = IdField(required=False, mark="#", error_messages=_NO_MEMBER)
    field = forms.ChoiceField(required=False, choices=revealable_fields, error_messages=_NO_FILTER)
    since = forms.DateField(required=False, validators=_DAYS, error_messages=_NO_DAY)
    until = forms.DateField(required=False, validators=_DAYS, error_messages=_NO_DAY)


def parse_filters(parameters: QueryDict) -> LogFilters:
    """The filters of a query string. Raises BadQuery."""
    return LogFilters(**_Query.read(parameters))


def matching(filters: LogFilters) -> QuerySet[Reveal]:
    """The reveals that match, unordered."""
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


def list_entries(filters: LogFilters, reader: Staff, after: str = "") -> Page:
    """One page of LogEntry, latest first. Two queries. Raises BadQuery."""
    page = page_of(matching(filters), LATEST_FIRST, after)
    return Page(entries_of(page.rows, reader), page.next, page.first)


def entries_of(rows: Sequence[Reveal], reader: Staff) -> list[LogEntry]:
    """The reveals as this reader may see them. One query."""
    ids = [row.member_id for row in rows if row.member_id is not None]
    views = {view.id: view for view in member_views(ids, staff=reader, fields=("name",))}
    return [
        LogEntry(
            row,
            field_label(row.field),
            member_number(row.member_id) if row.member_id is not None else "",
            views.get(row.member_id) if row.member_id is not None else None,
            mask_term(decrypt(TERM, row.term)) if row.term else "",
        )
        for row in rows
    ]


def filtered_staff(filters: LogFilters) -> Staff | None:
    """The staff member that the log is filtered by, if any."""
    return Staff.objects.filter(pk=filters.staff).first() if filters.staff is not None else None


def volumes_today(now: datetime) -> tuple[int, int, list[UnusualVolume]]:
    """Reveals today, by how many people, and whose volume is unusual. At most three queries.

    Reads the rows of today and, only for people with UNUSUAL_FROM and more, of the AVERAGED_DAYS before.
    """
    start = clock.day_start(clock.day_of(now))
    rows = Reveal.objects.filter(at__gte=start, at__lte=now, term=None).values_list("staff")
    today: dict[int, int] = dict(rows.annotate(Count("id")).order_by())
    many = [staff for staff, count in today.items() if count >= UNUSUAL_FROM]
    if not many:
        return sum(today.values()), len(today), []
    past = Reveal.objects.filter(
        staff__in=many, at__gte=start - timedelta(days=AVERAGED_DAYS), at__lt=start, term=None
    )
    before: dict[int, int] = dict(past.values_list("staff").annotate(Count("id")).order_by())
    unusual = [
        UnusualVolume(person, today[person.pk], before.get(person.pk, 0) / AVERAGED_DAYS)
        for person in Staff.objects.filter(pk__in=many)
        if today[person.pk] >= UNUSUAL_TIMES * before.get(person.pk, 0) / AVERAGED_DAYS
    ]
    return sum(today.values()), len(today), sorted(unusual, key=lambda one: -one.today)
