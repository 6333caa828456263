"""Follow the change queue: cancel what may not be sent any more, queue service messages that are due.

Cancelling early shows the truth early; it is not what keeps a message back: whatever is queued is decided
anew before it is sent. Members are told nothing here of products that they hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.delivery.messages.cancel import Reason, cancel
from campaigns.delivery.messages.notices import notice_of
from campaigns.delivery.messages.service import tell
from campaigns.delivery.models import Selection
from campaigns.review.copy.decide import DECIDED
from campaigns.review.copy.lapse import LAPSED
from campaigns.review.models import Decision
from crm.runtime.background import changes
from crm.runtime.models import Change
from members.profiles.consent.state import NEEDED
from members.profiles.models import Purpose

CONSUMER = "delivery"
PRODUCT_CHANGED = "suitability.product_changed"
_PRODUCT = (Purpose.PRODUCT_MARKETING.value,)
_MARKETING = tuple(purpose.value for purpose in Purpose if purpose is not Purpose.SERVICE)
_BY_SELECTION = {
    Purpose.PERSONALISED: (Selection.PERSONALISED.value,),
    Purpose.SENSITIVE_SELECTION: (Selection.SENSITIVE.value,),
}


@dataclass(frozen=True)
class Stop:
    """What to cancel: all pending messages that match everything given; None matches all."""

    reason: Reason
    purposes: tuple[str, ...] | None = None
    channels: tuple[str, ...] | None = None
    selections: tuple[str, ...] | None = None


@dataclass
class Watched:
    """How many messages and deferrals were cancelled, how many service messages were queued or deferred, and
    for how many there is no approved copy."""

    cancelled: int = 0
    queued: int = 0
    without_copy: int = 0


def watch(now: datetime) -> Watched:
    """Work through what is new in the change queue."""
    total = Watched()
    while True:
        with transaction.atomic():
            batch = changes.read(CONSUMER)
            found = follow(batch.rows, now)
            changes.acknowledge(CONSUMER, batch.last, since=batch.since)
        if not batch.rows:
            return total
        total.cancelled += found.cancelled
        total.queued += found.queued
        total.without_copy += found.without_copy


def follow(rows: Sequence[Change], now: datetime) -> Watched:
    """Do what these changes ask for, in the caller's transaction."""
    told = tell(filter(None, map(notice_of, rows)), now)
    return Watched(_stop(rows, now), told.queued, told.without_copy)


def _stop(rows: Iterable[Change], now: datetime) -> int:
    """One statement for each way of matching and instant, whatever the number of changes."""
    members: dict[tuple[Stop, datetime], set[int]] = defaultdict(set)
    versions: dict[tuple[Reason, datetime], set[int]] = defaultdict(set)
    products: dict[int | None, datetime] = {}
    for row in rows:
        if row.member_id is not None and (stop := stop_of(row.kind, row.payload)):
            members[stop, row.at].add(row.member_id)
        elif row.kind == PRODUCT_CHANGED:
            products[row.payload["product"]] = row.at
        elif reason := reason_of(row.kind, row.payload):
            versions[reason, row.at].add(row.payload["version"])
    stopped = sum(_cancel(stop, now, at, found) for (stop, at), found in members.items())
    stopped += sum(cancel(reason, now, changed_at=at, versions=ids) for (reason, at), ids in versions.items())
    for product, at in products.items():
        stopped += cancel(Reason.RATING_CHANGED, now, changed_at=at, product=product, purposes=_PRODUCT)
    return stopped


def _cancel(stop: Stop, now: datetime, at: datetime, members: set[int]) -> int:
    return cancel(
        stop.reason,
        now,
        changed_at=at,
        members=members,
        purposes=stop.purposes,
        channels=stop.channels,
        selections=stop.selections,
    )


def stop_of(kind: str, payload: Mapping[str, Any]) -> Stop | None:
    """What a change about a member stops; None for one that stops nothing."""
    match kind:
        case "suitability.member_changed" | "questionnaire.withdrawn":
            return Stop(Reason.CLASS_CHANGED, _PRODUCT)
        case "consent.withdrawn":
            purpose, channels = Purpose(payload["purpose"]), (payload["channel"],)
            if purpose in _BY_SELECTION:
                return Stop(Reason.CONSENT_WITHDRAWN, None, channels, _BY_SELECTION[purpose])
            needing = tuple(one.value for one, needed in NEEDED.items() if purpose in needed)
            return Stop(Reason.CONSENT_WITHDRAWN, needing, channels)
        case "contact.suppressed":
            purposes = None if payload["scope"] == "all" else _MARKETING
            return Stop(Reason.SUPPRESSED, purposes, (payload["channel"],))
    return None


def reason_of(kind: str, payload: Mapping[str, Any]) -> Reason | None:
    """Why a change stops all messages of its version; None for one that stops none."""
    if kind == LAPSED:
        return Reason.COPY_LAPSED
    if kind == DECIDED and payload["decision"] == Decision.WITHDRAWN:
        return Reason.COPY_WITHDRAWN
    return None
