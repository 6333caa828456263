"""Staff as the office shows them: whom one may see, their books, changes, sign-ins, locks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt, AccessLog
from django import forms
from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.runtime.sql_files import sql_beside
from crm.staff.accounts.browsers import browser_of
from crm.staff.accounts.sessions import fingerprint
from crm.staff.models import AccountChange, ChangeKind, Role, Session, Staff, Team
from crm.staff.permissions import MANAGE_STAFF, may
from crm.web.ids import IdField
from crm.web.lists.keyset import Order
from crm.web.lists.paging import SIZE, Page, page_of
from crm.web.queries import QueryForm

BOOK_BOUND = 5000  # members; a larger book is said to be "more than"
SHOWN = 20  # changes and sign-ins of a person
OPEN, CLOSED = "open", "closed"
BY_NAME = Order("name_key", str, descending=False, nulls=False)  # uses index: staff_by_name
_NO_FILTER = {name: gettext_lazy("Unknown filter.") for name in ("invalid", "invalid_choice")}
_SIZES = sql_beside(__file__)("book_sizes")


@dataclass(frozen=True)
class Filters:
    """What the reader asked for; empty means all."""

    text: str = ""
    role: str = ""
    team: int | None = None
    state: str = ""


@dataclass(frozen=True)
class Size:
    """Members in a book; `more`: the bound was reached, there are at least so many."""

    members: int
    more: bool = False

    def __add__(self, other: Size) -> Size:
        return Size(self.members + other.members, self.more or other.more)


@dataclass(frozen=True)
class Person:
    """One row of the list."""

    staff: Staff
    book: Size


@dataclass(frozen=True)
class SignIn:
    """A sign-in, or a session that stands: when, from where, with what; `print` names the session."""

    at: datetime | None
    address: str
    browser: str
    print: str = ""
    here: bool = False


def visible_staff(reader: Staff) -> QuerySet[Staff]:
    """Everybody for administrators; for a team lead the own team, without one only themselves."""
    rows = Staff.objects.select_related("team")
    if may(reader, MANAGE_STAFF):
        return rows
    if reader.team_id is not None:
        return rows.filter(team=reader.team_id)
    return rows.filter(pk=reader.pk)


def visible_teams(reader: Staff) -> QuerySet[Team]:
    """Every team for administrators, the own one for a lead."""
    if may(reader, MANAGE_STAFF):
        return Team.objects.order_by("name_key", "id")
    return Team.objects.filter(staff=reader)


class _Query(QueryForm):
    role = forms.ChoiceField(required=False, choices=Role.choices, error_messages=_NO_FILTER)
    state = forms.ChoiceField(
        required=False, choices=[(OPEN, OPEN), (CLOSED, CLOSED)], error_messages=_NO_FILTER
    )
    team = IdField(required=False, error_messages=_NO_FILTER)


def read_filters(parameters: QueryDict) -> Filters:
    """The filters of an address. Raises BadQuery."""
    text = parameters.get("q", "").replace("\0", "").strip()[:60]
    return Filters(text=text, **_Query.read(parameters))


def list_staff(filters: Filters, reader: Staff, after: str = "") -> Page:
    """One page of Person, by name. Two queries. Raises BadQuery."""
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


def with_books(staff: Sequence[Staff]) -> list[Person]:
    """These people with the sizes of their books. One query."""
    sizes = book_sizes(row.pk for row in staff)
    return [Person(row, sizes[row.pk]) for row in staff]


def book_sizes(staff_ids: Iterable[int]) -> dict[int, Size]:
    """How many members each has in the book now, up to BOOK_BOUND. One query."""
    values: dict[str, Any] = {"staff": list(staff_ids), "bound": BOOK_BOUND + 1}
    with connection.cursor() as cursor:
        cursor.execute(_SIZES, values)
        return {key: Size(min(count, BOOK_BOUND), count > BOOK_BOUND) for key, count in cursor.fetchall()}


@dataclass(frozen=True)
class ShownChange:
    """A change to an account or team, its values in the reader's words."""

    change: AccountChange
    before: str
    after: str


def changes_of(**whose: int) -> list[ShownChange]:
    """The latest changes of an account (staff=…) or a team (team=…). One query."""
    rows = AccountChange.objects.filter(**whose).select_related("by").order_by("-at", "-id")[:SHOWN]
    return [ShownChange(row, _value(row.kind, row.before), _value(row.kind, row.after)) for row in rows]


def _value(kind: str, stored: str) -> str:
    if kind in (ChangeKind.ROLE, ChangeKind.OPENED) and stored in Role.values:
        return str(Role(stored).label)
    return stored or (_("no team") if kind == ChangeKind.TEAM else "")


def sign_ins(username: str) -> list[SignIn]:
    """The latest sign-ins under this name. One query."""
    rows = AccessLog.objects.filter(username=username).order_by("-attempt_time")[:SHOWN]
    return [SignIn(row.attempt_time, row.ip_address or "", browser_of(row.user_agent)) for row in rows]


def sessions_of(staff: Staff, now: datetime, here: str = "") -> list[SignIn]:
    """The browsers in which the account is signed in now, this one first. Two queries."""
    keys = Session.objects.filter(staff=staff, expire_date__gt=now).values_list("session_key", flat=True)
    prints = {key: key == fingerprint(here) for key in keys}
    known = AccessLog.objects.filter(username=staff.username, session_hash__in=list(prints))
    by_print = {row.session_hash: row for row in known}
    found = []
    for mark, is_here in prints.items():
        row = by_print.get(mark)
        at, address, agent = (
            (row.attempt_time, row.ip_address or "", row.user_agent) if row else (None, "", "")
        )
        found.append(SignIn(at, address, browser_of(agent), mark, is_here))
    return sorted(found, key=lambda one: (not one.here, -(one.at.timestamp() if one.at else 0)))


def is_shut_out(username: str, now: datetime) -> bool:
    """Whether too many failed sign-ins shut this name out from some place. `now` is the machine's time."""
    since = now - timedelta(hours=float(settings.AXES_COOLOFF_TIME))
    return AccessAttempt.objects.filter(
        username=username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=since
    ).exists()
