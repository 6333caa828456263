"""Add points to a member, or take some, by hand: asked for by one person, posted when a second approves."""

from __future__ import annotations

from datetime import datetime

from crm.staff.four_eyes import requests
from crm.staff.four_eyes.requests import BasisChanged
from crm.staff.models import Request, Staff
from members.loyalty.points.configuration.refusals import ChangeRefused, Refusal
from members.loyalty.points.ledger.adjust import adjust
from members.loyalty.points.ledger.balance import get_balance
from members.loyalty.points.ledger.refusals import PointsRefused
from members.profiles.models import Member

KIND = "loyalty.points_adjustment"
MOST = 10**9


def propose(
    programme_id: int,
    member_id: int,
    points: int,
    *,
    reason: str,
    maker: Staff,
    now: datetime,
    expires_at: datetime | None = None,
) -> Request:
    """Ask for points to be added (or taken, below zero); added ones lapse at `expires_at` (None: never).

    Raises ChangeRefused: no number of points, more than the member has, or a member this person does not see;
    and what requests.propose raises.
    """
    if not 0 < abs(points) <= MOST or expires_at is not None and expires_at <= now:
        raise ChangeRefused(Refusal.BAD_NUMBER)
    if not Member.objects.visible_to(maker).filter(pk=member_id).exists():
        raise ChangeRefused(Refusal.BAD_NUMBER)
    held = get_balance(programme_id, member_id).points
    if held + points < 0:
        raise ChangeRefused(Refusal.BALANCE_CHANGED)
    content = {
        "programme": programme_id,
        "member": member_id,
        "points": points,
        "expires_at": expires_at.isoformat() if expires_at else None,
    }
    return requests.propose(
        kind=KIND,
        proposal=content,
        diff={"points": [held, held + points]},
        summary=f"Points adjustment {points:+d}",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Post the adjustment. Raises BasisChanged where the member no longer has the points to be taken."""
    proposal = request.proposal
    expires = proposal["expires_at"] and datetime.fromisoformat(proposal["expires_at"])
    if expires and expires <= now:
        raise BasisChanged(Refusal.BASE_CHANGED)
    try:
        adjust(
            proposal["programme"],
            proposal["member"],
            proposal["points"],
            request_id=request.pk,
            reason=request.reason[:200],
            expires_at=expires or None,
            now=now,
        )
    except PointsRefused as error:
        raise BasisChanged(Refusal.BALANCE_CHANGED) from error
