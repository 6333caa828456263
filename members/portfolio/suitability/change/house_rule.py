"""Change the house rule by four eyes: stricter than the tables, never looser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.portfolio.models import HouseRule
from members.portfolio.suitability.change.refusals import Refusal, SuitabilityRefused
from members.portfolio.suitability.house_rule import VALUES, latest_house_rule

KIND = "portfolio.house_rule"


def propose(
    values: Mapping[str, int], *, effective_from: date, reason: str, maker: Staff, now: datetime
) -> Request:
    """Ask for a version. Raises SuitabilityRefused, and what requests.propose raises."""
    base = latest_house_rule()
    if effective_from < max(day_of(now), base.effective_from or date.min):
        raise SuitabilityRefused(Refusal.TOO_EARLY)
    asked = {name: int(values[name]) for name in VALUES}
    try:
        HouseRule(number=base.number + 1, effective_from=effective_from, **asked).validate_constraints()
    except ValidationError as error:
        raise SuitabilityRefused(Refusal.LOOSER) from error
    diff = {name: [base.values[name], value] for name, value in asked.items() if base.values[name] != value}
    if not diff:
        raise SuitabilityRefused(Refusal.NO_CHANGES)
    content = {"effective_from": effective_from.isoformat(), "values": asked}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": base.number},
        diff=diff,
        summary=f"House rule of suitability: {len(diff)} values",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; where its day has passed meanwhile it counts from the day of approval.

    Raises BasisChanged where another version has been approved since the request was made.
    """
    asked = request.proposal
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('portfolio house rule', 0))")
        if latest_house_rule().number != asked["base"]:
            raise requests.BasisChanged(Refusal.BASE_CHANGED)
        HouseRule.objects.create(
            number=asked["base"] + 1,
            effective_from=max(date.fromisoformat(asked["effective_from"]), day_of(now)),
            note=request.reason,
            request_id=request.pk,
            created_at=now,
            **asked["values"],
        )
