"""Assign members to a relationship manager; who had them before stays on record."""

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
from members.profiles.visibility import visible_books

MANAGER_ROLES = frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD})
_sql = sql_beside(__file__)
_LOCK = "SELECT id FROM profiles_member WHERE id = ANY(%(members)s) ORDER BY id FOR NO KEY UPDATE"
_END = _sql("book_end")
_START = _sql("book_start")


class CannotAssign(ValueError):
    """Members go to an active relationship manager or team lead, for a reason."""


@dataclass(frozen=True)
class Assignment:
    """Members now assigned to the manager: `moved` from another one, `new`, `kept` as before."""

    moved: int
    new: int
    kept: int


def assign(*, member_ids: Iterable[int], staff: Staff, reason: str, now: datetime) -> Assignment:
    """Assign these members to `staff` from `now` on; unknown ids are ignored.

    Two assignments of a member at one instant (a fixed clock) are stored a microsecond apart, in their
    order. Raises CannotAssign.
    """
    if not staff.is_active or staff.role not in MANAGER_ROLES:
        raise CannotAssign(f"{staff}: not an active relationship manager or team lead")
    if not reason.strip():
        raise CannotAssign("no reason given")
    values: dict[str, Any] = {
        "members": list(set(member_ids)),
        "staff": staff.pk,
        "reason": reason.strip()[:200],
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, values)  # in member order, so that two assignments cannot deadlock
        known = cursor.rowcount
        cursor.execute(_END, values)
        moved = cursor.rowcount
        cursor.execute(_START, values)
        started = cursor.rowcount
    return Assignment(moved=moved, new=started - moved, kept=known - started)


def assigned_member_ids(staff: Staff) -> QuerySet[Book, Any]:
    """The ids of the members a relationship manager or a team lead may see: visible_to() without the members.

    For conditions on rows with a member. None for a deactivated account.
    """
    books = Book.objects.filter(visible_books(staff)) if staff.is_active else Book.objects.none()
    return books.values("member_id")
