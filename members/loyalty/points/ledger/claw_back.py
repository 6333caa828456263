"""Take back what an entry earned, spent or not."""

from __future__ import annotations

from datetime import datetime

from members.loyalty.points.ledger.call import call
from members.loyalty.points.ledger.redeem import Posted
from members.loyalty.points.ledger.refusals import check_key

_CLAW_BACK = "SELECT entry, repeated FROM loyalty_claw_back(%s, %s, %s, %s, %s, %s, %s)"


def claw_back(
    programme_id: int,
    member_id: int,
    earned: int,
    *,
    key: str,
    now: datetime,
    points: int | None = None,
    reason: str = "",
) -> Posted:
    """Take back `points` (None: all) of what the entry `earned`, an id, brought. Raises PointsRefused.

    What is no longer there becomes a debt that the next earnings pay; points that lapsed are not owed, and
    never is more taken back than was earned.
    """
    check_key(key)
    return Posted(*call(_CLAW_BACK, [programme_id, member_id, earned, points, key, now, reason]))
