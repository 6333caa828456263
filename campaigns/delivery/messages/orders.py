"""What somebody wants to send: a version of a copy, to whom, under which key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from campaigns.delivery.models import Kind, Selection
from campaigns.review.models import CopyVersion

STILL_SENT = timedelta(days=3)
URGENT = frozenset({Kind.QUESTIONNAIRE_LINK})  # just asked for: not held back at night


@dataclass(frozen=True)
class Order:
    """One version to any number of members.

    `key` is the caller's own and names the occasion: with the same key a member gets one message at most.
    `values` are those of the copy's variables that the caller knows, as JSON holds them (days as ISO texts,
    numbers as texts); what is known of the recipient is read when the message is rendered.
    """

    version: CopyVersion
    key: str
    kind: Kind = Kind.CAMPAIGN
    selection: Selection = Selection.GROUP
    values: Mapping[str, Any] = field(default_factory=dict)
    lasts: timedelta = STILL_SENT  # that it is worth sending after it was wanted

    @property
    def is_urgent(self) -> bool:
        """Whether it may disturb the night."""
        return self.kind in URGENT
