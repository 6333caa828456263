"""Record that a member gave a consent, or withdrew one: what was said before stays.

Acts on one member wait for each other (a lock on the member row), so the last one counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import product

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from crm.runtime.errors import CodedError
from crm.staff.models import Staff
from crm.staff.permissions import may
from members.profiles.models import (
    CONSENT_PURPOSES,
    NAMED_RECIPIENT,
    Consent,
    ConsentSource,
    ContactChannel,
    Member,
    Purpose,
)
from members.profiles.permissions import RECORD_CONSENT, WITHDRAW_CONSENT

BY_HAND = "hand "  # begins the key of what staff recorded
# Where a member can say yes to staff; a reply or a link only ever withdraws.
GIVING = (ConsentSource.APP, ConsentSource.FORM, ConsentSource.CALL, ConsentSource.BRANCH)


class Refusal(StrEnum):
    """Why nothing is recorded: `sentences` words each code."""

    NO_EVIDENCE = "consent_no_evidence"
    NO_TEXT = "consent_no_text"  # version in force on that day
    IN_THE_FUTURE = "consent_in_the_future"
    NOT_BY_CONSENT = "consent_not_needed"  # service rests on the contract
    RECIPIENT = "consent_recipient"  # missing, or given where none is named
    ERASED = "consent_member_erased"


class ConsentRefused(CodedError):
    """A consent that cannot be recorded; `code` is a Refusal."""


@dataclass(frozen=True)
class Evidence:
    """Where and when a member said so, the version of the text, and what proves it."""

    source: ConsentSource
    text_version: str
    proof: str
    at: datetime


def give(
    *,
    member_id: int,
    purpose: Purpose,
    channel: ContactChannel,
    evidence: Evidence,
    key: str,
    staff: Staff,
    now: datetime,
    recipient: str = "",
) -> Consent:
    """Record a yes with its evidence. `key` tells one form from another: sent twice it records one.

    Raises PermissionDenied (the role may not, or the member is not visible) and ConsentRefused.
    """
    _check(member_id, staff, may(staff, RECORD_CONSENT))
    if purpose not in CONSENT_PURPOSES:
        raise ConsentRefused(Refusal.NOT_BY_CONSENT)
    if bool(recipient.strip()) != (purpose in NAMED_RECIPIENT):
        raise ConsentRefused(Refusal.RECIPIENT)
    if evidence.at > now:
        raise ConsentRefused(Refusal.IN_THE_FUTURE)
    if not evidence.proof.strip() or evidence.source not in GIVING:
        raise ConsentRefused(Refusal.NO_EVIDENCE)
    if not evidence.text_version.strip():
        raise ConsentRefused(Refusal.NO_TEXT)
    with transaction.atomic():
        _lock(member_id)
        at = _last(member_id, now) if evidence.at == now else evidence.at
        values = {
            "purpose": purpose,
            "channel": channel,
            "recipient": recipient.strip(),
            "given": True,
            "text_version": evidence.text_version.strip(),
            "source": evidence.source,
            "evidence": evidence.proof.strip(),
            "at": at,
            "recorded_at": max(at, now),
            "by": staff,
        }
        return Consent.objects.get_or_create(member_id=member_id, key=f"{BY_HAND}{key}", defaults=values)[0]


def withdraw(
    *,
    member_id: int,
    purposes: Iterable[Purpose],
    channels: Iterable[ContactChannel],
    source: ConsentSource,
    key: str,
    now: datetime,
    staff: Staff | None = None,
    evidence: str = "",
) -> int:
    """Withdraw every pair of purpose and channel, at once; returns how many rows that wrote.

    It is recorded whether or not a yes is known: a file may bring an older yes later, which then does not
    count. Without `staff` the member did it. Purposes that name a recipient are withdrawn for each known one.
    Raises PermissionDenied and ConsentRefused.
    """
    if staff is not None:
        _check(member_id, staff, may(staff, WITHDRAW_CONSENT))
    with transaction.atomic():
        _lock(member_id)
        at = _last(member_id, now)
        pairs = _with_recipients(member_id, list(product(purposes, channels)))
        rows = [
            Consent(
                member_id=member_id,
                key=f"{BY_HAND}{key} {purpose} {channel} {recipient}"[:160],
                purpose=purpose,
                channel=channel,
                recipient=recipient,
                given=False,
                source=source,
                evidence=evidence.strip()[:300],
                at=at,
                recorded_at=at,
                by=staff,
            )
            for purpose, channel, recipient in pairs
        ]
        Consent.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _with_recipients(
    member_id: int, pairs: list[tuple[Purpose, ContactChannel]]
) -> list[tuple[Purpose, ContactChannel, str]]:
    known = list(
        Consent.objects.filter(member=member_id)
        .exclude(recipient="")
        .values_list("purpose", "channel", "recipient")
        .distinct()
    )
    plain = [(purpose, channel, "") for purpose, channel in pairs if purpose not in NAMED_RECIPIENT]
    named = [
        (purpose, channel, recipient)
        for purpose, channel in pairs
        for known_purpose, known_channel, recipient in known
        if (known_purpose, known_channel) == (purpose, channel)
    ]
    return plain + named


def _last(member_id: int, now: datetime) -> datetime:
    """Now, or the instant of the latest row where another act that began later came first."""
    latest = Consent.objects.filter(member=member_id).aggregate(at=Max("at"))["at"]
    return max(latest, now) if latest else now


def _lock(member_id: int) -> None:
    """Raises ConsentRefused where the member's data were erased."""
    member = Member.objects.select_for_update(no_key=True).only("erased_at").get(pk=member_id)
    if member.erased_at is not None:
        raise ConsentRefused(Refusal.ERASED)


def _check(member_id: int, staff: Staff, allowed: bool) -> None:
    if not allowed or not Member.objects.visible_to(staff).filter(pk=member_id).exists():
        raise PermissionDenied
