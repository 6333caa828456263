"""Erase a member's personal data: proposed by one person, done when a second one approves.

What law keeps is sealed: stored and protected, used for nothing (PIPL 47). The addresses stay suppressed, so
that the same person is not contacted again; consents end.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from django.db import connection

from crm.runtime.errors import CodedError
from crm.runtime.secrets.crypto import decrypt, encrypt
from crm.runtime.sql_files import sql_beside
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import require
from members.profiles.consent.record import Withdrawal, store_withdrawals
from members.profiles.member_view import plain_text
from members.profiles.models import CONSENT_PURPOSES, ConsentSource, ContactChannel, Member
from members.profiles.permissions import HANDLE_RIGHTS
from members.profiles.rights.kept import kept_of

KIND = "profiles.erasure"
SEALED = "erased member"  # the field under which kept values are encrypted
# The client file; of the marketing profile nothing is kept.
CLIENT_FILE = (
    "name", "mobile", "email", "id_number", "address", "sex", "birth_date", "occupation",
)  # fmt: skip
_STEPS = [step for step in sql_beside(__file__)("erase").split(";\n") if step.strip()]
_UNKEPT = [step for step in sql_beside(__file__)("erase_unkept").split(";\n") if step.strip()]


class Refusal(StrEnum):
    """Why nothing is erased: `sentences` words each code."""

    NOT_FOUND = "erasure_member_not_found"  # or not visible to this person
    ERASED = "erasure_done"


class ErasureRefused(CodedError):
    """An erasure that cannot be proposed; `code` is a Refusal."""


def propose(member_id: int, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for a member's data to be erased.

    Raises NotAllowed, ErasureRefused, and what requests.propose raises.
    """
    require(maker, HANDLE_RIGHTS)
    member = Member.objects.visible_to(maker).filter(pk=member_id).first()
    if member is None:
        raise ErasureRefused(Refusal.NOT_FOUND)
    if member.erased_at:
        raise ErasureRefused(Refusal.ERASED)
    kept = kept_of(member_id, now)
    return requests.propose(
        kind=KIND,
        proposal={"member": member_id},
        diff={"kept": ["", [[one.kept.key, one.until.isoformat()] for one in kept]]},
        summary=f"Erasure of member {member_id}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Erase what may go and seal what law keeps, in the transaction of the approval. Raises BasisChanged."""
    member = Member.objects.select_for_update(no_key=True).filter(pk=request.proposal["member"]).first()
    if member is None or member.erased_at:
        raise requests.BasisChanged(Refusal.ERASED)
    kept = kept_of(member.pk, now)
    said = Withdrawal(ConsentSource.ERASURE, f"erasure {uuid4().hex}", by=request.maker)
    store_withdrawals([member.pk], CONSENT_PURPOSES, ContactChannel, said, now=now)
    values: dict[str, Any] = {
        "member": member.pk,
        "now": now,
        "request": request.pk,
        "sealed": _sealed(member) if kept else None,
        "basis": "; ".join(sorted({str(one.kept.basis) for one in kept}))[:200],
        "until": kept[0].until if kept else None,
    }
    with connection.cursor() as cursor:
        for step in _STEPS if kept else [*_UNKEPT, *_STEPS]:
            cursor.execute(step, values)


def _sealed(member: Member) -> bytes:
    file = {field: plain_text(field, getattr(member, field)) for field in CLIENT_FILE}
    return encrypt(SEALED, json.dumps({field: text for field, text in file.items() if text}))


def sealed_values(sealed: bytes | memoryview) -> dict[str, str]:
    """What an erasure sealed, by field. Raises DecryptionFailed."""
    values: dict[str, str] = json.loads(decrypt(SEALED, sealed))
    return values
