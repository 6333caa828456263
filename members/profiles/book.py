"""Assign members to a relationship manager; who had them before stays on record."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from crm.runtime.errors import CodedError
from crm.runtime.sql_files import sql_beside
from crm.staff.models import SHORTEST_REASON, Role, Staff
from crm.staff.permissions import require
from members.profiles.models import Book, Member
from members.profiles.permissions import ASSIGN_MEMBERS
from members.profiles.visibility import visible_books

MANAGER_ROLES = frozenset({Role.RELATIONSHIP_MANAGER, Role.TEAM_LEAD})
_sql = sql_beside(__file__)
_LOCK = "SELECT id FROM profiles_member WHERE id = ANY(%(members)s) ORDER BY id FOR NO KEY UPDATE"
_END = _sql("book_end")
_START = _sql("book_start")
_UNDO_END, _UNDO_START = _sql("book_undo_end"), _sql("book_undo_start")


class AssignmentRefusal(StrEnum):
    """Why members are not assigned."""

    NOT_A_MANAGER = "not_a_manager"
    REASON_MISSING = "assignment_reason_missing"  # count: the characters it needs
    NOT_IN_TEAM = "manager_not_in_team"
    NOT_VISIBLE = "members_not_visible"
    CHANGED = "books_changed"
    NOT_UNDONE = "assignment_not_undone"


class CannotAssign(CodedError):
    """Members go to an active relationship manager or team lead, for a reason."""


@dataclass(frozen=True)
class Assignment:
    """Members now assigned to the manager: `moved` from another one, `new`, `kept` as before."""

    moved: int
    new: int
    kept: int


def assign(
    *,
    member_ids: Iterable[int],
    staff: Staff,
    reason: str,
    now: datetime,
    by: Staff | None = None,
    version: str = "",
) -> Assignment:
    """Assign these members to `staff` from `now` on; unknown ids are ignored.

    `by` is the person who does it: to a manager they may assign to, and only members they may see; without
    one the product itself does. With a `version` (books_version) nothing is assigned where one of the members
    has another manager since. Two assignments of a member at one instant (a fixed clock) are stored a
    microsecond apart, in their order. Raises CannotAssign, NotAllowed.
    """
    if not staff.is_active or staff.role not in MANAGER_ROLES:
        raise CannotAssign(AssignmentRefusal.NOT_A_MANAGER)
    if len(reason.strip()) < (SHORTEST_REASON if by else 1):
        raise CannotAssign(AssignmentRefusal.REASON_MISSING, count=SHORTEST_REASON)
    ids = sorted(set(member_ids))
    values: dict[str, Any] = {
        "members": ids,
        "staff": staff.pk,
        "reason": reason.strip()[:200],
        "now": now,
        "by": by.pk if by else None,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, values)  # in member order, so that two assignments cannot deadlock
        known = cursor.rowcount
        if by:
            _require_allowed(ids, known, staff, by)
        if version and version != books_version(ids):
            raise CannotAssign(AssignmentRefusal.CHANGED)
        cursor.execute(_END, values)
        moved = cursor.rowcount
        cursor.execute(_START, values)
        started = cursor.rowcount
    return Assignment(moved=moved, new=started - moved, kept=known - started)


def _require_allowed(ids: Collection[int], known: int, staff: Staff, by: Staff) -> None:
    """Raises CannotAssign, NotAllowed."""
    require(by, ASSIGN_MEMBERS)
    if not assignable_managers(by).filter(pk=staff.pk).exists():
        raise CannotAssign(AssignmentRefusal.NOT_IN_TEAM)
    if Member.objects.visible_to(by).filter(pk__in=ids).count() != known:
        raise CannotAssign(AssignmentRefusal.NOT_VISIBLE)


def undo(*, staff_id: int, at: datetime, count: int, reason: str, by: Staff, now: datetime) -> int:
    """Undo what `by` assigned to a manager at an instant: `count` members go back to whom they came from.

    All of them or none: not once one has another manager since, or came from somebody whom `by` may not
    assign to any more. Returns how many. Raises CannotAssign, NotAllowed.
    """
    require(by, ASSIGN_MEMBERS)
    values: dict[str, Any] = {"staff": staff_id, "at": at, "by": by.pk, "now": now, "reason": reason}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_UNDO_END, values)
        rows = cursor.fetchall()
        before = {manager for _member, _ended_at, manager in rows if manager}
        if len(rows) != count or assignable_managers(by).filter(pk__in=before).count() != len(before):
            raise CannotAssign(AssignmentRefusal.NOT_UNDONE)
        members, starts, managers = (list(column) for column in zip(*rows, strict=True))
        cursor.execute(_UNDO_START, {**values, "members": members, "starts": starts, "managers": managers})
    return len(rows)


def assignable_managers(by: Staff) -> QuerySet[Staff]:
    """Whom a person may assign members to, by name: a team lead those of the team, an administrator all."""
    managers = Staff.objects.filter(role__in=MANAGER_ROLES, is_active=True)
    if by.role == Role.TEAM_LEAD:
        managers = managers.filter(team=by.team_id) if by.team_id else managers.filter(pk=by.pk)
    return managers.order_by("name_key", "pk")


def books_version(member_ids: Iterable[int]) -> str:
    """A fingerprint of who manages these members now. One query."""
    rows = Book.objects.filter(member__in=set(member_ids), ended_at=None).order_by("member_id")
    text = ";".join(
        f"{member_id}:{staff_id}:{started_at.isoformat()}"
        for member_id, staff_id, started_at in rows.values_list("member_id", "staff_id", "started_at")
    )
    return hashlib.sha256(text.encode()).hexdigest()


def assigned_member_ids(staff: Staff) -> QuerySet[Book, Any]:
    """The ids of the members a relationship manager or a team lead may see: visible_to() without the members.

    For conditions on rows with a member. None for a deactivated account.
    """
    books = Book.objects.filter(visible_books(staff)) if staff.is_active else Book.objects.none()
    return books.values("member_id")
