"""Why the ledger refuses a posting, and how the database says so."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from crm.runtime.errors import CodedError


class Refusal(StrEnum):
    """members.loyalty.points.sentences words each code."""

    NOT_ENOUGH = "points_not_enough"
    KEY_REUSED = "points_key_reused"
    OUT_OF_STOCK = "reward_out_of_stock"
    NO_ENTRY = "points_no_such_entry"
    NO_REWARD = "reward_not_available"
    CANCELLED_ALREADY = "redemption_cancelled_already"
    NOT_POSITIVE = "points_not_positive"
    RESERVED_KEY = "points_key_reserved"


class PointsRefused(CodedError):
    """A posting that is not made; `code` is a Refusal."""


MOST = 10**12  # points of one posting
OWN_KEYS = "~"  # with which the keys of the ledger's own entries begin
BY_STATE: Mapping[str, Refusal] = {
    "LP001": Refusal.NOT_ENOUGH,
    "LP002": Refusal.KEY_REUSED,
    "LP003": Refusal.OUT_OF_STOCK,
    "LP004": Refusal.NO_ENTRY,
    "LP005": Refusal.NO_REWARD,
    "LP006": Refusal.CANCELLED_ALREADY,
}


def check_key(key: str) -> None:
    """Raises PointsRefused for a key that is empty, too long or of the ledger's own."""
    if not key or len(key) > 200 or key.startswith(OWN_KEYS):
        raise PointsRefused(Refusal.RESERVED_KEY, key=key[:40])


def check_points(points: int) -> None:
    """Raises PointsRefused for what is not a positive number of points, or absurdly many."""
    if not 0 < points <= MOST:
        raise PointsRefused(Refusal.NOT_POSITIVE, points=points)
