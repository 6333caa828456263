"""A version of the tier policy that is checked, and not stored yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError

from members.loyalty.models import Metric, Tier, TierPolicy
from members.loyalty.tiers.policy.versions import latest_policy

VALUES = (
    "metric",
    "review",
    "upgrade",
    "downgrade",
    "window_days",
    "grace_days",
    "protect_days",
    "notice_days",
    "thresholds",
)
KINDS = ("average", "day_end", "points")  # of thresholds
READ_BY: dict[str, tuple[str, ...]] = {
    Metric.MONTH_AVERAGE: ("average",),
    Metric.DAY_END: ("day_end",),
    Metric.POINTS: ("points",),
    Metric.ALL: KINDS,
    Metric.ANY: KINDS,
}
LARGEST = Decimal(10**14)


class Refusal(StrEnum):
    """Why values are refused: members.loyalty.tiers.sentences.refusals words each code."""

    NO_CHANGES = "tier_policy_no_changes"
    UNKNOWN_VALUE = "tier_policy_unknown_value"
    TOO_EARLY = "tier_policy_too_early"  # today or before, or before the latest version
    THRESHOLD_MISSING = "tier_threshold_missing"  # a tier without any, or without one that the metric reads
    THRESHOLD_INVALID = "tier_threshold_invalid"
    THRESHOLDS_FALL = "tier_thresholds_fall"  # a higher tier asks for less
    TRIAL_REQUIRED = "tier_trial_required"
    BASE_CHANGED = "tier_policy_base_changed"


def draft_policy(
    programme: int, values: Mapping[str, Any], *, effective_from: date, today: date
) -> TierPolicy:
    """The next version of a programme, some values replaced, checked but not stored.

    Raises ValidationError by field: a value out of range, or a code of Refusal.
    """
    base = latest_policy(programme)
    if unknown := set(values) - set(VALUES):
        raise ValidationError(dict.fromkeys(unknown, _invalid(Refusal.UNKNOWN_VALUE)))
    given = {name: getattr(base, name) for name in VALUES} if base else {}
    given |= values
    tiers = Tier.objects.filter(programme=programme, rank__gt=0).order_by("rank")
    given["thresholds"] = clean_thresholds(given["thresholds"], list(tiers), given["metric"])
    policy = TierPolicy(
        programme_id=programme,
        version=1 + (base.version if base else 0),
        effective_from=effective_from,
        **given,
    )
    policy.clean_fields(exclude=["programme", "note", "request_id", "created_at", "thresholds"])
    policy.validate_constraints(exclude=["programme"])
    if base and (effective_from <= today or effective_from < base.effective_from):
        raise ValidationError({"effective_from": _invalid(Refusal.TOO_EARLY)})
    return policy


def clean_thresholds(
    given: Sequence[Mapping[str, Any]], tiers: Sequence[Tier], metric: str
) -> list[dict[str, Any]]:
    """The thresholds as they are stored: of each tier, in order, those that the metric reads.

    Raises ValidationError under "thresholds": one is missing or invalid, or a higher tier asks for less.
    """
    by_tier = {one.get("tier"): one for one in given}
    cleaned = [_clean_one(tier, by_tier.get(tier.pk, {}), READ_BY[metric]) for tier in tiers]
    for lower, higher in zip(cleaned, cleaned[1:], strict=False):
        for kind in KINDS:
            if (kind in lower) != (kind in higher):
                raise _wrong(Refusal.THRESHOLD_MISSING)
            if kind in lower and Decimal(higher[kind]) < Decimal(lower[kind]):
                raise _wrong(Refusal.THRESHOLDS_FALL)
    return cleaned


def _clean_one(tier: Tier, given: Mapping[str, Any], read: Sequence[str]) -> dict[str, Any]:
    cleaned: dict[str, Any] = {"tier": tier.pk}
    for kind in read:
        if given.get(kind) in (None, ""):
            continue
        try:
            value = Decimal(str(given[kind]))
        except InvalidOperation as error:
            raise _wrong(Refusal.THRESHOLD_INVALID) from error
        if not value.is_finite() or not 0 < value < LARGEST:
            raise _wrong(Refusal.THRESHOLD_INVALID)
        if kind == "points":
            if value != value.to_integral_value():
                raise _wrong(Refusal.THRESHOLD_INVALID)
            cleaned[kind] = int(value)
        else:
            cleaned[kind] = str(value.quantize(Decimal("0.01")))
    if len(cleaned) == 1:
        raise _wrong(Refusal.THRESHOLD_MISSING)
    return cleaned


def values_of(policy: TierPolicy) -> dict[str, Any]:
    """What a proposal stores and the database compares with the version that it brings."""
    return {name: getattr(policy, name) for name in VALUES}


def _wrong(code: Refusal) -> ValidationError:
    return ValidationError({"thresholds": _invalid(code)})


def _invalid(code: Refusal) -> ValidationError:
    return ValidationError(code.value, code=code.value)
