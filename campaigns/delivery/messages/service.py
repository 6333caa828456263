"""Service messages: what the product itself tells members, in copy of its own that officers approved.

A kind of message has copy with its code; of its approved versions the one for the member's channel and
language is sent. Without one nothing is sent, and the jobs page says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from campaigns.delivery.messages.orders import Order
from campaigns.delivery.messages.queue import queue
from campaigns.delivery.models import Kind, Selection
from campaigns.review.models import CopyVersion
from crm.runtime.sql_files import sql_beside

_sql = sql_beside(__file__)


@dataclass(frozen=True)
class Notice:
    """What a member is told: the kind, the occasion that makes it once, values of the copy's variables."""

    member_id: int
    kind: Kind
    key: str
    values: tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Told:
    """How many service messages were queued or deferred, and for how many there was no approved copy."""

    queued: int = 0
    without_copy: int = 0


def tell(notices: Iterable[Notice], now: datetime) -> Told:
    """Queue these notices, each in the version for its member; in the caller's transaction."""
    by_order: dict[tuple[Kind, str, tuple[tuple[str, Any], ...]], set[int]] = defaultdict(set)
    for one in notices:
        by_order[one.kind, one.key, one.values].add(one.member_id)
    queued = without = 0
    for (kind, key, values), members in by_order.items():
        chosen = _versions(kind, members, now)
        without += len(members) - sum(map(len, chosen.values()))
        for version, group in chosen.items():
            order = Order(version, key, kind, Selection.ONE, dict(values))
            found = queue(order, group, now)
            queued += found.messages + found.deferred
    return Told(queued, without)


def _versions(kind: Kind, members: Collection[int], now: datetime) -> Mapping[CopyVersion, list[int]]:
    """The approved version of the kind's copy for each member: by channel, then language. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_sql("service_versions"), {"code": kind.value, "members": list(members), "now": now})
        rows = cursor.fetchall()
    versions = CopyVersion.objects.select_related("copy").in_bulk({version for _member, version in rows})
    chosen: dict[CopyVersion, list[int]] = defaultdict(list)
    for member, version in rows:
        chosen[versions[version]].append(member)
    return chosen
