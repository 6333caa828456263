"""Requests of members about their own data: received, then completed or refused with reasons (PIPL 50)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied

from crm.runtime import calendar
from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import may
from members.profiles.models import Member, RightsKind, RightsRequest, RightsState
from members.profiles.permissions import HANDLE_RIGHTS

WORKING_DAYS = 15  # to answer: common policy; the law says promptly (reference §7)


class Refusal(StrEnum):
    """Why a step is not taken: `sentences` words each code."""

    NO_WORDS = "rights_no_words"
    NOT_VERIFIED = "rights_not_verified"
    IN_THE_FUTURE = "rights_in_the_future"
    ANSWERED = "rights_answered"
    NOT_ERASED = "rights_not_erased"  # completed before the data are gone


class RightsRefused(CodedError):
    """A step that cannot be taken; `code` is a Refusal."""


def receive(
    *,
    member_id: int,
    kind: RightsKind,
    words: str,
    verified: str,
    received_at: datetime,
    key: str,
    staff: Staff,
    now: datetime,
) -> RightsRequest:
    """Record what a member asks for, and how it was verified who asks. `key`: sent twice it records one.

    Raises PermissionDenied (the role may not, or the member is not visible) and RightsRefused.
    """
    _check(member_id, staff)
    if not words.strip():
        raise RightsRefused(Refusal.NO_WORDS)
    if not verified.strip():
        raise RightsRefused(Refusal.NOT_VERIFIED)
    if received_at > now:
        raise RightsRefused(Refusal.IN_THE_FUTURE)
    due_on = calendar.load().add_working_days(day_of(received_at), WORKING_DAYS)
    values = {
        "kind": kind,
        "words": words.strip(),
        "verified": verified.strip(),
        "received_at": received_at,
        "due_on": due_on,
        "recorded_by": staff,
    }
    return RightsRequest.objects.get_or_create(member_id=member_id, key=key, defaults=values)[0]


def answer(
    *, member_id: int, rights_id: int, state: RightsState, words: str, staff: Staff, now: datetime
) -> None:
    """Complete or refuse a request, with what the member was told. Raises PermissionDenied, RightsRefused."""
    _check(member_id, staff)
    if not words.strip():
        raise RightsRefused(Refusal.NO_WORDS)
    open_one = RightsRequest.objects.filter(member=member_id, id=rights_id, state=RightsState.OPEN)
    erased = Member.objects.filter(pk=member_id, erased_at__isnull=False)
    asks_erasure = open_one.filter(kind=RightsKind.ERASURE)
    if state == RightsState.DONE and asks_erasure.exists() and not erased.exists():
        raise RightsRefused(Refusal.NOT_ERASED)
    if not open_one.update(state=state, answer=words.strip(), answered_at=now, answered_by=staff):
        raise RightsRefused(Refusal.ANSWERED)


def _check(member_id: int, staff: Staff) -> None:
    visible = Member.objects.visible_to(staff).filter(pk=member_id)
    if not may(staff, HANDLE_RIGHTS) or not visible.exists():
        raise PermissionDenied
