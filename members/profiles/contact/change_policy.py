"""Propose a version of the contact policy, and put it in force once a second person approved it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from crm.runtime.clock import day_of
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.profiles.contact.policy import PolicyRefused, Refusal, clean_caps, clean_quiet, latest_policy
from members.profiles.models import ContactPolicy

KIND = "profiles.contact_policy"


def propose(
    quiet: Mapping[str, Any],
    caps: Mapping[str, Any],
    *,
    effective_from: date,
    reason: str,
    maker: Staff,
    now: datetime,
) -> Request:
    """Ask for other quiet hours and caps, from tomorrow on at the earliest.

    Raises PolicyRefused, and what requests.propose raises.
    """
    base = latest_policy()
    after: dict[str, Any] = {"quiet": clean_quiet(quiet), "caps": clean_caps(caps)}
    if effective_from < _first_day(base, now):
        raise PolicyRefused(Refusal.TOO_EARLY)
    diff = _changes({"quiet": base.quiet, "caps": base.caps}, after)
    if not diff:
        raise PolicyRefused(Refusal.NO_CHANGES)
    content = after | {"effective_from": effective_from.isoformat()}
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": base.version},
        diff=diff,
        summary=f"Contact policy: {len(diff)} values",
        reason=reason,
        maker=maker,
        now=now,
    )


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{"quiet.sms": [before, after], "caps.all": …} of what differs."""
    return {
        f"{part}.{key}": [before[part].get(key), value]
        for part in after
        for key, value in after[part].items()
        if before[part].get(key) != value
    }


def apply(request: Request, now: datetime) -> None:
    """Store the approved version. Raises BasisChanged where another one has been approved since."""
    proposal = request.proposal
    base = latest_policy()
    if base.version != proposal["base"]:
        raise requests.BasisChanged(Refusal.BASE_CHANGED)
    ContactPolicy.objects.create(
        version=base.version + 1,
        effective_from=max(date.fromisoformat(proposal["effective_from"]), _first_day(base, now)),
        quiet=proposal["quiet"],
        caps=proposal["caps"],
        note=request.reason,
        request_id=request.pk,
    )


def _first_day(base: ContactPolicy, now: datetime) -> date:
    return max(day_of(now) + timedelta(days=1), base.effective_from)
