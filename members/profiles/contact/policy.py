"""The contact policy: quiet hours and frequency caps, the version that applies on a day, and a valid draft.

Quiet hours are policy, not law: no statutory window for marketing messages was found (reference §7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Any

from crm.runtime.errors import CodedError
from members.profiles.models import CONSENT_PURPOSES, ContactChannel, ContactPolicy

ALL = "all"  # contacts of every kind but service together
CAPPED = (ALL, *(purpose.value for purpose in CONSENT_PURPOSES))
PERIODS: Mapping[str, int] = {"day": 1, "week": 7, "month": 30}  # days; each window ends now
MOST = 100
_NIGHT = {"start": "21:00", "end": "09:00", "working_days": False}
_ALWAYS = {"start": None, "end": None, "working_days": False}
DEFAULT_QUIET = {
    channel.value: dict(_ALWAYS if channel is ContactChannel.IN_APP else _NIGHT) for channel in ContactChannel
}
_NO_CAP: dict[str, int | None] = {"day": None, "week": None, "month": None}
DEFAULT_CAPS = {kind: dict(_NO_CAP) for kind in CAPPED}
DEFAULT_CAPS[ALL] = {"day": 2, "week": 5, "month": 12}
DEFAULT_CAPS["product_marketing"] = {"day": 1, "week": 3, "month": 8}


class Refusal(StrEnum):
    """Why a policy is refused: `sentences` words each code."""

    BAD_TIME = "contact_policy_bad_time"  # channel
    BAD_CAP = "contact_policy_bad_cap"  # kind, most
    CAPS_FALL = "contact_policy_caps_fall"  # kind: a longer period allows less
    NO_CHANGES = "contact_policy_no_changes"
    TOO_EARLY = "contact_policy_too_early"
    BASE_CHANGED = "contact_policy_base_changed"


class PolicyRefused(CodedError):
    """A policy that cannot be proposed; `code` is a Refusal, its parameters say where."""


def policy_on(day: date) -> ContactPolicy:
    """The version that applies on a platform day; before the first, the shipped one (0). One query."""
    begun = ContactPolicy.objects.filter(effective_from__lte=day).order_by("-effective_from", "-version")
    return begun.first() or _shipped()


def latest_policy() -> ContactPolicy:
    """What a new version builds on. One query."""
    return ContactPolicy.objects.order_by("-version").first() or _shipped()


def _shipped() -> ContactPolicy:
    return ContactPolicy(version=0, effective_from=date.min, quiet=DEFAULT_QUIET, caps=DEFAULT_CAPS)


def clean_quiet(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The quiet hours of every channel as they are stored. Raises PolicyRefused."""
    return {
        channel.value: _clean_hours(channel, given.get(channel.value) or {}) for channel in ContactChannel
    }


def _clean_hours(channel: ContactChannel, given: Mapping[str, Any]) -> dict[str, Any]:
    texts = [given.get(name) or "" for name in ("start", "end")]
    hours: list[str | None] = [None, None]
    if any(texts):
        try:
            hours = [time.fromisoformat(str(text)).strftime("%H:%M") for text in texts]
        except ValueError:
            hours = [None, None]
        if hours[0] == hours[1]:
            raise PolicyRefused(Refusal.BAD_TIME, channel=channel.value)
    return {"start": hours[0], "end": hours[1], "working_days": bool(given.get("working_days"))}


def clean_caps(given: Mapping[str, Any]) -> dict[str, dict[str, int | None]]:
    """The caps of every kind as they are stored. Raises PolicyRefused: a longer period never allows less."""
    return {kind: _clean_cap(kind, given.get(kind) or {}) for kind in CAPPED}


def _clean_cap(kind: str, given: Mapping[str, Any]) -> dict[str, int | None]:
    cap = {period: given.get(period) for period in PERIODS}
    numbers = [most for most in cap.values() if most is not None]
    if any(not isinstance(most, int) or not 1 <= most <= MOST for most in numbers):
        raise PolicyRefused(Refusal.BAD_CAP, kind=kind, most=MOST)
    if numbers != sorted(numbers):
        raise PolicyRefused(Refusal.CAPS_FALL, kind=kind)
    return cap
