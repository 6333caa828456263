"""Propose a version of the tier policy on the basis of its preview, and store it once it is approved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from crm.runtime.clock import day_of
from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.loyalty.models import TierPolicy, TierSweep, TierTrial
from members.loyalty.tiers.policy.draft import VALUES, Refusal, draft_policy, values_of
from members.loyalty.tiers.policy.versions import latest_policy

KIND = "loyalty.tier_policy"
TRIAL_VALIDITY = timedelta(days=1)  # how long a proposal may rest on a preview


class PolicyRefused(CodedError):
    """A proposal that cannot be made; `code` is a Refusal."""


def create_first_policy(programme: int, values: Mapping[str, Any], *, effective_from: date) -> TierPolicy:
    """The first version of a new programme: no member has a tier yet, so nobody has to approve it.

    It may start in the past: members get the history that it implies. Raises ValidationError, and
    IntegrityError or DatabaseError where the programme has a version.
    """
    policy = draft_policy(programme, values, effective_from=effective_from, today=effective_from)
    with transaction.atomic():
        _store(policy)
    return policy


def changed_values(base: TierPolicy, policy: TierPolicy) -> dict[str, list[Any]]:
    """{value: [before, after]} of what differs."""
    return {
        name: [getattr(base, name), getattr(policy, name)]
        for name in VALUES
        if getattr(base, name) != getattr(policy, name)
    }


def propose(
    programme: int,
    values: Mapping[str, Any],
    *,
    effective_from: date,
    reason: str,
    maker: Staff,
    trial: int | None,
    now: datetime,
) -> Request:
    """Request a new version, having seen whom it moves: `trial` is the id of that preview.

    Raises ValidationError, PolicyRefused, and what requests.propose raises.
    """
    policy = draft_policy(programme, values, effective_from=effective_from, today=day_of(now))
    base = latest_policy(programme)
    assert base is not None  # draft_policy builds on it
    diff = changed_values(base, policy)
    if not diff:
        raise PolicyRefused(Refusal.NO_CHANGES)
    found = TierTrial.objects.filter(pk=trial).first() if trial else None
    if found is None or not is_valid(found, policy, now):
        raise PolicyRefused(Refusal.TRIAL_REQUIRED)
    content = {
        "programme": programme,
        "values": values_of(policy),
        "effective_from": effective_from.isoformat(),
    }
    assert found.result is not None  # of a trial that is over
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content | {"base": base.version, "trial": found.pk, "moved": found.result["moved"]},
        diff=diff,
        summary=f"Tier policy: {len(diff)} values",
        reason=reason,
        maker=maker,
        now=now,
    )


def is_valid(trial: TierTrial, policy: TierPolicy, now: datetime) -> bool:
    """Whether a proposal of this draft may rest on the preview: of its values and day, a day old at most."""
    return (
        trial.result is not None
        and trial.finished_at is not None
        and trial.programme_id == policy.programme_id
        and trial.base_version == policy.version - 1
        and trial.values == {"values": values_of(policy), "effective_from": policy.effective_from.isoformat()}
        and trial.finished_at > now - TRIAL_VALIDITY
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; members are reviewed when it starts, tomorrow at the earliest.

    Raises BasisChanged where another version has been approved since; the database compares too.
    """
    programme = request.proposal["programme"]
    wanted = date.fromisoformat(request.proposal["effective_from"])
    start = max(wanted, day_of(now) + timedelta(days=1))
    with transaction.atomic():
        _one_at_a_time(programme)
        base = latest_policy(programme)
        if base is None or base.version != request.proposal["base"]:
            raise requests.BasisChanged(Refusal.BASE_CHANGED)
        try:
            policy = draft_policy(
                programme, request.proposal["values"], effective_from=start, today=day_of(now)
            )
        except ValidationError as error:
            raise requests.BasisChanged(Refusal.BASE_CHANGED) from error
        policy.note = request.reason
        policy.request_id = request.pk
        _store(policy)


def _store(policy: TierPolicy) -> None:
    """Store a version, and have all members reviewed on its first day."""
    policy.save(force_insert=True)
    TierSweep.objects.update_or_create(
        programme_id=policy.programme_id,
        day=policy.effective_from,
        defaults={"done_to": 0, "ended_at": None},
    )


def _one_at_a_time(programme: int) -> None:
    """Lock the programme's versions until the transaction ends, as the trigger keep_policy does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('loyalty tier policy', %s))", [programme]
        )
