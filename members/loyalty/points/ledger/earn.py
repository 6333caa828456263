"""Give points: one posting, or many at once. A key is given once; a repeat adds nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from members.loyalty.points.ledger.call import call
from members.loyalty.points.ledger.refusals import (
    PointsRefused,
    Refusal,
    check_key,
    check_points,
)

_EARN = """
SELECT added, granted, refused FROM loyalty_earn(
    %s, %s, 'earn', %s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[], %s::timestamptz[],
    %s::timestamptz[], %s::text[], %s::bigint[], %s::text[], %s::numeric[], NULL
)
"""


@dataclass(frozen=True)
class Earning:
    """Points for a member: `at` is the instant of the fact, `available_from` (None: at once) when they can be
    used, `expires_at` (None: never) when they lapse. `reason` is shown to staff."""

    member_id: int
    key: str
    points: int
    at: datetime
    reason: str = ""
    available_from: datetime | None = None
    expires_at: datetime | None = None
    rule_version_id: int | None = None
    source_row: str | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Earned:
    """Postings added and their points, postings that stood there already, and keys that stand for others."""

    added: int
    points: int
    repeated: int
    refused: Sequence[str]


def earn(programme_id: int, earning: Earning, *, now: datetime) -> bool:
    """Give points to one member; whether they were added (False: this key was given before).

    Raises PointsRefused: the key stands for another posting, or is not ours to use.
    """
    done = earn_many(programme_id, [earning], now=now)
    if done.refused:
        raise PointsRefused(Refusal.KEY_REUSED, key=earning.key)
    return done.added == 1


def earn_many(programme_id: int, earnings: Iterable[Earning], *, now: datetime) -> Earned:
    """Give points in one statement. Keys that stand for other postings are named and the rest is given.

    Raises PointsRefused for a key or a number of points that nobody may use; then nothing is given.
    """
    given = list(earnings)
    for one in given:
        check_key(one.key)
        check_points(one.points)
    if not given:
        return Earned(0, 0, 0, ())
    columns = [
        [one.member_id for one in given],
        [one.key for one in given],
        [one.points for one in given],
        [one.at for one in given],
        [one.available_from or one.at for one in given],
        [one.expires_at for one in given],
        [one.reason for one in given],
        [one.rule_version_id for one in given],
        [one.source_row for one in given],
        [one.amount for one in given],
    ]
    added, points, refused = call(_EARN, [programme_id, now, *columns])
    named = refused or []
    return Earned(added, points, len(given) - added - len(named), named)
