"""Why a change of suitability is refused: each code is worded in members.portfolio.suitability.sentences."""

from __future__ import annotations

from enum import StrEnum

from crm.runtime.errors import CodedError


class Refusal(StrEnum):
    NO_CHANGES = "suitability_no_changes"
    TOO_EARLY = "suitability_too_early"  # in the past, or before the latest version
    BASE_CHANGED = "suitability_base_changed"  # another version has been approved since
    UNDER_REVIEW = "suitability_under_review"  # already
    LOOSER = "suitability_looser"  # than the tables
    NO_EVIDENCE = "suitability_no_evidence"
    TOO_LONG = "suitability_too_long"  # valid for longer than a status may be
    NOT_VERIFIED_YET = "suitability_not_verified_yet"  # on a day to come
    STATUS_ENDED = "suitability_status_ended"  # already
    NO_REASON = "suitability_no_reason"


class SuitabilityRefused(CodedError):
    """A change that cannot be made; `code` is a Refusal."""
