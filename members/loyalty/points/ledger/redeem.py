"""Redeem points, and cancel a redemption."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from members.loyalty.models import RewardVersion
from members.loyalty.points.ledger.call import call
from members.loyalty.points.ledger.refusals import PointsRefused, Refusal, check_key, check_points

_SPEND = "SELECT entry, repeated FROM loyalty_spend(%s, %s, 'redeem', %s, %s, %s, %s, %s, %s, NULL)"
_REVERSE = "SELECT entry, repeated FROM loyalty_reverse(%s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True)
class Posted:
    """An entry by its id, and whether the same key had brought it before."""

    entry: int
    repeated: bool


def redeem(
    programme_id: int, member_id: int, points: int, *, key: str, now: datetime, reason: str = ""
) -> Posted:
    """Take points for something outside of the catalogue. Raises PointsRefused."""
    check_key(key)
    check_points(points)
    return Posted(*call(_SPEND, [programme_id, member_id, points, key, now, reason, None, None]))


def redeem_reward(
    version: RewardVersion, member_id: int, *, key: str, now: datetime, quantity: int = 1
) -> Posted:
    """Redeem a reward of the catalogue at the price of this version. Raises PointsRefused.

    The version has to be the one in force (members.loyalty.points.rewards.reward_at).
    """
    check_key(key)
    check_points(quantity)
    reward = version.reward
    if not version.is_active or version.effective_from > now:
        raise PointsRefused(Refusal.NO_REWARD)
    values = [reward.programme_id, member_id, version.points * quantity, key, now, reward.name]
    return Posted(*call(_SPEND, [*values, version.pk, quantity]))


def cancel_redemption(
    programme_id: int, member_id: int, redemption: int, *, key: str, now: datetime, reason: str = ""
) -> Posted:
    """Return the points of a redemption, an entry's id, to the lots they came from. Raises PointsRefused.

    What would have lapsed meanwhile lapses at once; a debt is paid first.
    """
    check_key(key)
    return Posted(*call(_REVERSE, [programme_id, member_id, redemption, key, now, reason]))
