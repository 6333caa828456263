"""Why a change of a segment is refused: codes that members.segments.sentences.refusals words."""

from __future__ import annotations

from enum import StrEnum

from crm.runtime.errors import CodedError


class Refusal(StrEnum):
    """Why nothing is changed."""

    NO_NAME = "segment_no_name"
    NAME_TAKEN = "segment_name_taken"
    TOO_MANY = "segment_too_many"
    CHANGED_MEANWHILE = "segment_changed_meanwhile"
    KIND_STAYS = "segment_kind_stays"
    LATER = "segment_frozen_later"
    IN_USE = "segment_in_use"
    NAMES_DELETED = "segment_names_deleted"
    NOT_DELETED = "segment_not_deleted"
    NO_IDS = "segment_no_ids"
    TOO_LARGE = "segment_list_too_large"
    UNREADABLE = "segment_list_unreadable"


class SegmentRefused(CodedError):
    """A change that cannot be made; `code` is a Refusal."""
