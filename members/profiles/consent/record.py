"""Record that a member gave a consent, or withdrew one: what was said before stays.

Acts on one member wait for each other (a lock on the member row), so the last one counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max

from crm.runtime.errors import CodedError
from crm.runtime.sql_files import sql_beside
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
_LOCK = "SELECT id FROM profiles_member WHERE id = ANY(%(members)s) ORDER BY id FOR NO KEY UPDATE"
_WITHDRAW = sql_beside(__file__)("withdraw")
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
    staff: Staff,
    now: datetime,
    evidence: str = "",
) -> int:
    """Withdraw every pair of purpose and channel for a member, at once; returns how many rows that wrote.

    Raises PermissionDenied.
    """
    _check(member_id, staff, may(staff, WITHDRAW_CONSENT))
    words = Withdrawal(source, f"{BY_HAND}{key}", evidence, staff)
    return store_withdrawals([member_id], purposes, channels, words, now=now)


@dataclass(frozen=True)
class Withdrawal:
    """Where somebody said no, the key of the act, what proves it, and who recorded it (None: the product)."""

    source: ConsentSource
    key: str
    evidence: str = ""
    by: Staff | None = None


def store_withdrawals(
    member_ids: Collection[int],
    purposes: Iterable[Purpose],
    channels: Iterable[ContactChannel],
    said: Withdrawal,
    *,
    now: datetime,
) -> int:
    """Write withdrawals of many members, whoever asks; returns how many rows.

    Whether or not a yes is known: a file may bring an older one later, which then does not count. Purposes
    that name a recipient are withdrawn for each one that is known. A repeated key writes none.
    """
    values: dict[str, Any] = {
        "members": sorted(member_ids),
        "purposes": sorted(purposes),
        "channels": sorted(channels),
        "named": list(NAMED_RECIPIENT),
        "key": said.key[:80],
        "source": said.source,
        "evidence": said.evidence.strip()[:300],
        "by": said.by.pk if said.by else None,
        "now": now,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK, values)
        cursor.execute(_WITHDRAW, values)
        return cursor.rowcount


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
