"""Change the policy: draft a version, propose it on the basis of a trial, store it once it is approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Max

from crm.runtime.errors import CodedError
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Staff
from members.lifecycle.models import Policy, PolicyTrial, TrialOutcome, WithdrawnPolicy
from members.lifecycle.policy_versions import policy_at

KIND = "lifecycle.policy"
TRIAL_VALIDITY = timedelta(days=1)  # how long a proposal may rest on a trial
_MODEL_FIELDS = {
    f.name: f
    for f in Policy._meta.fields
    if f.name not in {"version", "effective_from", "note", "request_id", "base_version", "created_at"}
}
FIELDS = tuple(_MODEL_FIELDS)


class Refusal(StrEnum):
    """Why values are refused: members.lifecycle.sentences.policy words each code."""

    NO_CHANGES = "policy_no_changes"  # the values are those in force
    TRIAL_REQUIRED = "trial_required"  # nobody has seen yet whom the values would move
    UNKNOWN_VALUE = "unknown_policy_value"
    EFFECTIVE_TOO_EARLY = "policy_too_early"  # in the past, or before the latest version
    BASE_CHANGED = "policy_base_changed"  # another version has been approved since
    TRIAL_OUTDATED = "policy_trial_outdated"  # another version has come into force since


class PolicyRefused(CodedError):
    """A proposal that cannot be made; `code` is a Refusal."""


def draft_policy(values: Mapping[str, Any], *, effective_from: datetime, now: datetime) -> Policy:
    """A version with some values replaced, checked but not stored.

    The others are those of its base, the version that applies at its start: the one in force, or one that is
    approved and not yet in force.

    Raises ValidationError by field: a value out of range or out of order, or a code of Refusal.
    """
    base = policy_at(effective_from)
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise ValidationError(dict.fromkeys(unknown, _invalid(Refusal.UNKNOWN_VALUE)))
    given = {name: values.get(name, getattr(base, name)) for name in FIELDS}
    policy = Policy(
        version=_next_version(), effective_from=effective_from, base_version=base.version, **given
    )
    policy.clean_fields(exclude=["note", "request_id", "created_at"])
    policy.validate_constraints()
    latest = Policy.objects.order_by("-effective_from").values_list("effective_from", flat=True)[0]
    if effective_from < max(now, latest):
        raise ValidationError({"effective_from": _invalid(Refusal.EFFECTIVE_TOO_EARLY)})
    return policy


def _next_version() -> int:
    """One more than any version had, the withdrawn ones included."""
    numbers = [model.objects.aggregate(last=Max("version"))["last"] for model in (Policy, WithdrawnPolicy)]
    return 1 + max(number or 0 for number in numbers)


def values_as_text(policy: Policy) -> dict[str, str]:
    """The text of every value by field, the same for equal values however they were entered."""
    return {name: _value_text(name, getattr(policy, name)) for name in FIELDS}


def policy_of_trial(trial: PolicyTrial) -> Policy:
    """The policy that a trial evaluates, not stored."""
    values = {name: _MODEL_FIELDS[name].to_python(text) for name, text in trial.values.items()}
    return Policy(version=trial.policy_id + 1, effective_from=trial.effective_from, **values)


def get_valid_trial(trial: int | None, policy: Policy, *, current: Policy, now: datetime) -> PolicyTrial:
    """The trial with this id, if a proposal of this draft may rest on it.

    Raises PolicyRefused: there is none, it is not done, of other values, on another base, under
    another policy in force, or over a day old.
    """
    found = PolicyTrial.objects.filter(pk=trial).first() if trial else None
    if (
        found is None
        or found.values != values_as_text(policy)
        or not is_valid(found, current=current, base_version=policy.base_version, now=now)
    ):
        raise PolicyRefused(Refusal.TRIAL_REQUIRED)
    return found


def is_valid(trial: PolicyTrial, *, current: Policy, base_version: int | None, now: datetime) -> bool:
    """Whether a proposal on this base may rest on the trial."""
    return (
        trial.finished_at is not None
        and trial.outcome == TrialOutcome.DONE
        and trial.policy_id == current.version
        and (trial.base_version or trial.policy_id) == base_version
        and trial.finished_at > now - TRIAL_VALIDITY
    )


def changed_values(base: Policy, policy: Policy) -> dict[str, list[str]]:
    """{field: [before, after]} of the values that differ, as text."""
    return {
        name: [str(getattr(base, name)), str(getattr(policy, name))]
        for name in FIELDS
        if getattr(base, name) != getattr(policy, name)
    }


def propose(
    values: Mapping[str, Any],
    *,
    effective_from: datetime,
    reason: str,
    maker: Staff,
    trial: int | None,
    now: datetime,
) -> Request:
    """Request a new version, having seen whom it moves: `trial` is the id of that trial (get_valid_trial).

    Raises ValidationError, PolicyRefused, and what requests.propose raises.
    """
    policy = draft_policy(values, effective_from=effective_from, now=now)
    diff = changed_values(policy_at(effective_from), policy)
    if not diff:
        raise PolicyRefused(Refusal.NO_CHANGES)
    found = get_valid_trial(trial, policy, current=policy_at(now), now=now)
    assert found.result is not None  # as of every trial that is done
    content = {
        "values": {name: new for name, (_old, new) in diff.items()},
        "effective_from": effective_from.isoformat(),
    }
    return requests.propose(
        kind=KIND,
        content=content,
        proposal=content
        | {
            "base": policy.base_version,
            "trial": found.pk,
            "moved": found.result["moved"],
            "members": found.total,
        },
        diff=diff,
        summary=f"Lifecycle policy: {len(diff)} values",
        reason=reason,
        maker=maker,
        now=now,
    )


def apply(request: Request, now: datetime) -> None:
    """Store the approved version; members are restaged when it comes into force.

    Where its day has passed while the request was pending, it is in force from its approval.
    Raises BasisChanged where base or trial are no longer those that its approver saw; the database compares
    the base too (trigger keep_base), one version at a time.
    """
    requested = datetime.fromisoformat(request.proposal["effective_from"])
    with transaction.atomic():
        _one_at_a_time()
        policy = _draft_on_same_base(request, max(requested, now), now)
        policy.note = request.reason
        policy.request_id = request.pk
        policy.save(force_insert=True)


def proposed_policy(request: Request, versions: Iterable[Policy]) -> Policy | None:
    """The version that a request proposes, as its maker saw it; None where its base is not known."""
    base = next((one for one in versions if one.version == request.proposal.get("base")), None)
    if base is None:
        return None
    given = {name: getattr(base, name) for name in FIELDS} | {
        name: _MODEL_FIELDS[name].to_python(text) for name, text in request.proposal["values"].items()
    }
    effective_from = datetime.fromisoformat(request.proposal["effective_from"])
    return Policy(version=base.version + 1, effective_from=effective_from, base_version=base.version, **given)


def _draft_on_same_base(request: Request, effective_from: datetime, now: datetime) -> Policy:
    if policy_at(effective_from).version != request.proposal.get("base"):
        raise requests.BasisChanged(Refusal.BASE_CHANGED)
    try:
        policy = draft_policy(request.proposal["values"], effective_from=effective_from, now=now)
    except ValidationError as error:  # a version that starts later has been approved
        raise requests.BasisChanged(Refusal.BASE_CHANGED) from error
    seen = PolicyTrial.objects.filter(pk=request.proposal.get("trial")).first()
    if seen is None or seen.policy_id != policy_at(now).version or seen.values != values_as_text(policy):
        raise requests.BasisChanged(Refusal.TRIAL_OUTDATED)
    return policy


def _one_at_a_time() -> None:
    """Lock the policy's versions until the transaction ends, as the trigger keep_base does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('lifecycle policy', 0))")


def _invalid(code: Refusal) -> ValidationError:
    return ValidationError(code.value, code=code.value)


def _value_text(name: str, value: Any) -> str:
    field = _MODEL_FIELDS[name]
    python = field.to_python(value)
    if isinstance(field, models.DecimalField):
        return str(python.quantize(Decimal(1).scaleb(-field.decimal_places)))
    return str(python)
