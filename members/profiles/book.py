"""Give members to a relationship manager; who had them before stays on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from crm.runtime.sql_files import sql_beside
from crm.staff.models import Role, Staff
from members.profiles.models import Book
from members.profiles.visibility import of_books

KEEPS_A_BOOK = frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD})
_sql = sql_beside(__file__)
_LOCK = "SELECT id FROM profiles_member WHERE id = ANY(%(members)s) ORDER BY id FOR NO KEY UPDATE"
_END = _sql("book_end")
_START = _sql("book_start")


class CannotKeepBook(ValueError):
    """Members go to an active relationship manager or team lead, for a reason."""


@dataclass(frozen=True)
class Assigned:
    """Members now with the manager: `moved` from somebody else, `new` from nobody, `kept` as they were."""

    moved: int
    new: int
    kept: int


def assign(*, member_ids: Iterable[int], staff: Staff, reason: str, now: datetime) -> Assigned:
    """Put these members into the book of `staff` from `now` on; unknown ids are passed over.

    Two assignments of a member at one instant (a fixed clock) are kept a microsecond apart, in
    their order. Raises CannotKeepBook.
    """
    if not staff.is_active or staff.role not in KEEPS_A_BOOK:
        raise CannotKeepBook(f"{staff}: not an active relationship manager or team lead")
    if not reason.strip():
        raise CannotKeepBook("no reason given")
    values: dict[str, Any] = {
        "members": list(set(member_ids)),
        "staff": staff.pk,
        "reason": reason.strip()[:200],
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, values)  # in member order: two assignments wait for each other, never in a ring
        known = cursor.rowcount
        cursor.execute(_END, values)
        moved = cursor.rowcount
        cursor.execute(_START, values)
        started = cursor.rowcount
    return Assigned(moved=moved, new=started - moved, kept=known - started)


def members_in_books_of(staff: Staff) -> QuerySet[Book, Any]:
    """The ids of the members a manager or a team's lead may see: Member.visible_to() without the members.

    For conditions on rows that name a member. Nobody's for an account that is closed.
    """
    books = Book.objects.filter(of_books(staff)) if staff.is_active else Book.objects.none()
    return books.values("member_id")
