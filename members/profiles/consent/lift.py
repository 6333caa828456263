"""Take an address off the suppression list: proposed by one person, done when a second one approves."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from crm.staff.permissions import require
from members.profiles.models import Suppression
from members.profiles.permissions import SUPPRESS

KIND = "profiles.suppression"


class Refusal(StrEnum):
    """Why an entry is not taken off: `sentences` words each code."""

    LIFTED = "suppression_lifted"  # already, or no such entry


class LiftRefused(CodedError):
    """An entry that cannot be taken off the list; `code` is a Refusal."""


def propose(suppression_id: int, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for an entry to be lifted. Raises NotAllowed, LiftRefused, and what requests.propose raises."""
    require(maker, SUPPRESS)
    found = Suppression.objects.filter(pk=suppression_id, lifted_at=None).first()
    if found is None:
        raise LiftRefused(Refusal.LIFTED)
    return requests.propose(
        kind=KIND,
        proposal={"suppression": found.pk},
        diff={"scope": [found.scope, ""], "channel": [found.channel, ""], "reason": [found.reason, ""]},
        summary=f"Lift suppression {found.pk}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Lift the entry; it stays as a row. Raises BasisChanged where somebody else did."""
    rows = Suppression.objects.filter(pk=request.proposal["suppression"], lifted_at=None)
    if not rows.update(lifted_at=now, lift_request=request.pk):
        raise requests.BasisChanged(Refusal.LIFTED)
