"""Withdraw an approved version of the policy before it takes effect: a four-eyes request of its own."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.lifecycle.models import Policy, WithdrawnPolicy
from members.lifecycle.policy.change import values_as_text
from members.lifecycle.policy_versions import latest_policy

KIND = "lifecycle.policy_withdrawal"


class Refusal(StrEnum):
    """Why a version is not withdrawn; members.lifecycle.sentences.policy words each."""

    IN_FORCE = "policy_in_force"
    NOT_LATEST = "policy_not_latest"  # a later version builds on it


class WithdrawalRefused(CodedError):
    """The version stays; `code` is a Refusal."""


def can_be_withdrawn(policy: Policy, *, latest: Policy, now: datetime) -> bool:
    """Whether a version is not in force yet and no other builds on it."""
    return policy.effective_from > now and policy.version == latest.version


def propose(version: int, *, reason: str, maker: Staff, now: datetime) -> Request:
    """Ask for a version to be withdrawn; the request ends when the version takes effect.

    Raises WithdrawalRefused, and what requests.propose raises.
    """
    policy = _waiting_version(version, now)
    if isinstance(policy, Refusal):
        raise WithdrawalRefused(policy)
    return requests.propose(
        kind=KIND,
        content={"version": version},
        proposal={"version": version, "effective_from": policy.effective_from.isoformat()},
        diff={},
        summary=f"Withdraw lifecycle policy version {version}",
        reason=reason,
        maker=maker,
        now=now,
        ttl=policy.effective_from - now,
    )


def apply(request: Request, now: datetime) -> None:
    """Withdraw the approved version. Raises BasisChanged where it is in force or built on by now.

    The database refuses that too (0001_withdrawals.sql).
    """
    policy = _waiting_version(request.proposal["version"], now)
    if isinstance(policy, Refusal):
        raise requests.BasisChanged(policy)
    with transaction.atomic():
        WithdrawnPolicy.objects.create(
            version=policy.version,
            effective_from=policy.effective_from,
            values=values_as_text(policy),
            note=policy.note,
            withdrawn_at=now,
            request_id=request.pk,
        )
        Policy.objects.filter(version=policy.version).delete()


def _waiting_version(version: int, now: datetime) -> Policy | Refusal:
    policy, latest = Policy.objects.filter(version=version).first(), latest_policy()
    if policy is None or policy.effective_from <= now:
        return Refusal.IN_FORCE
    return policy if can_be_withdrawn(policy, latest=latest, now=now) else Refusal.NOT_LATEST
