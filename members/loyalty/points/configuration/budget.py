"""Propose what all earn rules of a programme may grant together, and put an approved budget in force."""

from __future__ import annotations

from datetime import datetime

from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.models import PointsBudget, Programme
from members.loyalty.points.configuration.refusals import (
    ChangeRefused,
    Refusal,
    check_start,
    start_on_approval,
)

KIND = "loyalty.points_budget"


def propose(
    programme: Programme, points: int, *, effective_from: datetime, reason: str, maker: Staff, now: datetime
) -> Request:
    """Ask for a budget, in points over the life of the programme. Raises ChangeRefused, and what
    requests.propose raises."""
    if not 0 <= points <= 10**15:
        raise ChangeRefused(Refusal.BAD_NUMBER)
    latest = _latest(programme.pk)
    check_start(effective_from, latest.effective_from if latest else None, now)
    if latest and latest.points == points:
        raise ChangeRefused(Refusal.NO_CHANGES)
    content = {"programme": programme.pk, "points": points, "effective_from": effective_from.isoformat()}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": _count(programme.pk)},
        diff={"points": [latest.points if latest else None, points]},
        summary="Points budget",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Put the budget in force. Raises BasisChanged."""
    proposal = request.proposal
    Programme.objects.select_for_update().get(pk=proposal["programme"])
    latest, number = _latest(proposal["programme"]), _count(proposal["programme"])
    known = (number, latest.effective_from) if latest else None
    start = start_on_approval(proposal["effective_from"], proposal["base"], known, now)
    PointsBudget.objects.create(
        programme_id=proposal["programme"],
        effective_from=start,
        points=proposal["points"],
        request_id=request.pk,
    )


def _latest(programme_id: int) -> PointsBudget | None:
    return PointsBudget.objects.filter(programme=programme_id).order_by("-effective_from").first()


def _count(programme_id: int) -> int:
    return PointsBudget.objects.filter(programme=programme_id).count()
