"""Record a complaint, answer it, close it. Each step is taken once: who comes second is told so."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import may
from members.profiles.models import Book, Complaint, Member
from members.profiles.models.complaint import ComplaintQuerySet
from members.profiles.permissions import HANDLE_COMPLAINTS

BY_HAND = "hand "  # begins the id of what staff recorded


class Refusal(StrEnum):
    """Why nothing is recorded: `sentences` words each code."""

    NO_WORDS = "complaint_no_words"
    IN_THE_FUTURE = "complaint_in_the_future"
    CHANGED = "complaint_changed"  # answered, closed or reopened meanwhile


class ComplaintRefused(CodedError):
    """A step that cannot be taken; `code` is a Refusal."""


def receive(
    *, member_id: int, words: str, received_at: datetime, key: str, staff: Staff, now: datetime
) -> Complaint:
    """Record a complaint. Its owner is the member's relationship manager, else who records it.

    `key` tells one form from another: sent twice it records one complaint. Raises PermissionDenied (the role
    may not, or the member is not visible) and ComplaintRefused.
    """
    _check(member_id, staff)
    if not words.strip():
        raise ComplaintRefused(Refusal.NO_WORDS)
    if received_at > now:
        raise ComplaintRefused(Refusal.IN_THE_FUTURE)
    manager = Book.objects.filter(member=member_id, ended_at=None).values_list("staff_id", flat=True).first()
    values = {
        "received_at": received_at,
        "words": words.strip(),
        "owner_id": manager or staff.pk,
        "recorded_by": staff,
    }
    return Complaint.objects.get_or_create(member_id=member_id, id=f"{BY_HAND}{key}", defaults=values)[0]


def answer(*, member_id: int, complaint_id: str, words: str, staff: Staff, now: datetime) -> None:
    """Say what the member was told. Raises PermissionDenied and ComplaintRefused."""
    _check(member_id, staff)
    _change(
        _open(member_id, complaint_id, now).filter(answered_at=None),
        words,
        answered_at=now,
        answer=words.strip(),
        answered_by=staff,
    )


def close(*, member_id: int, complaint_id: str, words: str, staff: Staff, now: datetime) -> None:
    """Say how it ended. Raises PermissionDenied and ComplaintRefused."""
    _check(member_id, staff)
    _change(
        _open(member_id, complaint_id, now), words, closed_at=now, resolution=words.strip(), closed_by=staff
    )


def reopen(*, member_id: int, complaint_id: str, closed_at: datetime, staff: Staff) -> None:
    """Undo one's own closing of that instant. Raises PermissionDenied and ComplaintRefused."""
    _check(member_id, staff)
    found = Complaint.objects.filter(member=member_id, id=complaint_id, closed_at=closed_at, closed_by=staff)
    if not found.update(closed_at=None, resolution="", closed_by=None):
        raise ComplaintRefused(Refusal.CHANGED)


def _check(member_id: int, staff: Staff) -> None:
    visible = Member.objects.visible_to(staff).filter(pk=member_id)
    if not may(staff, HANDLE_COMPLAINTS) or not visible.exists():
        raise PermissionDenied


def _open(member_id: int, complaint_id: str, now: datetime) -> ComplaintQuerySet:
    not_closed = Q(closed_at=None) | Q(closed_at__gt=now)
    return Complaint.objects.filter(not_closed, member=member_id, id=complaint_id)


def _change(found: ComplaintQuerySet, words: str, **values: object) -> None:
    if not words.strip():
        raise ComplaintRefused(Refusal.NO_WORDS)
    if not found.update(**values):
        raise ComplaintRefused(Refusal.CHANGED)
