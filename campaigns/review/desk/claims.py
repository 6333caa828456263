"""Claim a submitted version for a while: two officers never work on the same one unknowingly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from campaigns.review.models import CopyState, CopyVersion, ReviewClaim
from campaigns.review.permissions import REVIEW_COPY
from crm.runtime.sql_files import sql_beside
from crm.staff.models import Staff
from crm.staff.permissions import require

LENGTH = timedelta(minutes=15)  # from the last sign of work
_CLAIM, _NEXT = map(sql_beside(__file__), ("claim", "claim_next"))


class Held(ValueError):
    """Somebody else is working on it; `claim` says who, since when and until when."""

    def __init__(self, claim: ReviewClaim) -> None:
        super().__init__(str(claim))
        self.claim = claim


class NothingToClaim(ValueError):
    """The version is not waiting for a decision."""


def claim(version_id: int, officer: Staff, *, now: datetime, take_over: bool = False) -> ReviewClaim:
    """Claim a submitted version, or hold one's own claim for longer; `take_over` from whoever holds it.

    Raises NotAllowed, NothingToClaim, and Held where another officer holds it.
    """
    require(officer, REVIEW_COPY)
    values: dict[str, Any] = {
        "version": version_id,
        "officer": officer.pk,
        "now": now,
        "until": now + LENGTH,
        "take_over": take_over,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        cursor.fetchall()
    found = ReviewClaim.objects.select_related("officer", "taken_from").filter(pk=version_id).first()
    if found is None or not CopyVersion.objects.filter(pk=version_id, state=CopyState.SUBMITTED).exists():
        raise NothingToClaim(f"version {version_id} is not submitted")
    if found.officer_id != officer.pk:
        raise Held(found)
    return found


def claim_next(officer: Staff, *, now: datetime, after: int | None = None) -> int | None:
    """Claim the version with the earliest deadline that this officer may decide and nobody holds.

    `after` leaves one out: the version being left. Returns the id, None without any. Raises NotAllowed.
    """
    require(officer, REVIEW_COPY)
    values: dict[str, Any] = {"officer": officer.pk, "now": now, "until": now + LENGTH, "after": after}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NEXT, values)
        row = cursor.fetchone()
    return row[0] if row else None


def release(version_id: int, officer: Staff) -> None:
    """Give one's own claim back; a claim of somebody else stays."""
    ReviewClaim.objects.filter(pk=version_id, officer=officer).delete()


def hold(version_id: int, officer: Staff, *, now: datetime) -> None:
    """Within a decision: the claim is this officer's and stays locked until its end. Raises as `claim`."""
    claim(version_id, officer, now=now)
    ReviewClaim.objects.select_for_update().get(pk=version_id, officer=officer)
