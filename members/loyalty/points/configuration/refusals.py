"""Why a change of what is configured is refused."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from crm.runtime.errors import CodedError
from crm.staff.four_eyes.requests import BasisChanged


class Refusal(StrEnum):
    """members.loyalty.points.sentences words each code."""

    TOO_EARLY = "points_rule_too_early"  # in the past, or not after the latest version
    BASE_CHANGED = "points_rule_base_changed"
    NO_CHANGES = "points_rule_no_changes"
    NO_NAME = "points_rule_no_name"
    BAD_NUMBER = "points_rule_bad_number"
    BAD_PROPERTY = "points_rule_bad_property"
    EARNS_FROM_ITSELF = "points_rule_earns_from_itself"
    BAD_TIER = "points_rule_bad_tier"
    CAPS_ORDER = "points_rule_caps_order"
    BAD_EXPIRY = "points_rule_bad_expiry"
    BALANCE_CHANGED = "points_adjustment_balance_changed"


class ChangeRefused(CodedError):
    """A change that cannot be proposed; `code` is a Refusal."""


def check_start(effective_from: datetime, latest: datetime | None, now: datetime) -> None:
    """Raises ChangeRefused for a start in the past or not after the latest version's."""
    if effective_from < now or latest is not None and effective_from <= latest:
        raise ChangeRefused(Refusal.TOO_EARLY)


def start_on_approval(wanted: str, base: int, latest: tuple[int, datetime] | None, now: datetime) -> datetime:
    """When an approved version starts: as it was asked for, or now where that day has passed meanwhile.

    `base` is the number of the version it was made from, `latest` that of today with its start.
    Raises BasisChanged.
    """
    if base != (latest[0] if latest else 0):
        raise BasisChanged(Refusal.BASE_CHANGED)
    start = max(datetime.fromisoformat(wanted), now)
    if latest is not None and start <= latest[1]:
        raise BasisChanged(Refusal.BASE_CHANGED)
    return start
