"""Write down contacts with members: what staff did or took. Messages are logged by whoever sends them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import may
from members.profiles.contact.timing import lock
from members.profiles.models import Contact, ContactChannel, Direction, Member, Purpose
from members.profiles.permissions import RECORD_CONSENT

BY_HAND = "hand "  # begins the key of what staff recorded
MESSAGE = "message "  # and its id: of what was sent


class Refusal(StrEnum):
    """Why a contact is not recorded: `sentences` words each code."""

    IN_THE_FUTURE = "contact_in_the_future"


class ContactRefused(CodedError):
    """A contact that cannot be recorded; `code` is a Refusal."""


@dataclass(frozen=True)
class Sent:
    """A message that left for a member."""

    member_id: int
    message_id: int
    channel: ContactChannel
    kind: Purpose
    at: datetime


def log_by_staff(
    *,
    member_id: int,
    channel: ContactChannel,
    kind: Purpose,
    direction: Direction,
    at: datetime,
    words: str,
    key: str,
    staff: Staff,
    now: datetime,
) -> Contact:
    """Record a contact of staff with a member. `key` tells one form from another.

    Raises PermissionDenied (the role may not, or the member is not visible) and ContactRefused.
    """
    visible = Member.objects.visible_to(staff).filter(pk=member_id)
    if not may(staff, RECORD_CONSENT) or not visible.exists():
        raise PermissionDenied
    if at > now:
        raise ContactRefused(Refusal.IN_THE_FUTURE)
    values = {
        "at": at,
        "channel": channel,
        "kind": kind,
        "direction": direction,
        "staff": staff,
        "words": words.strip(),
        "recorded_at": now,
    }
    with transaction.atomic():
        lock([member_id])
        return Contact.objects.get_or_create(member_id=member_id, key=f"{BY_HAND}{key}", defaults=values)[0]


def log_sent(messages: Iterable[Sent], *, now: datetime) -> None:
    """Record messages that left, in the caller's transaction; one that is logged already is left out."""
    Contact.objects.bulk_create(
        [
            Contact(
                member_id=one.member_id,
                key=f"{MESSAGE}{one.message_id}",
                at=one.at,
                channel=one.channel,
                kind=one.kind,
                direction=Direction.OUT,
                message_id=one.message_id,
                recorded_at=now,
            )
            for one in messages
        ],
        ignore_conflicts=True,
    )
