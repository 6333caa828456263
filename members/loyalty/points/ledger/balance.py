"""What a member has, now and on any past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from members.loyalty.models import PointsAccount

_AS_OF = """
SELECT coalesce(sum(points) FILTER (WHERE counts_from <= %(at)s), 0),
       coalesce(sum(points) FILTER (WHERE at <= %(at)s AND counts_from > %(at)s), 0),
       coalesce(sum(debt) FILTER (WHERE at <= %(at)s), 0)
FROM loyalty_pointsentry
WHERE member_id = %(member)s AND programme_id = %(programme)s AND recorded_at <= %(known)s::timestamptz
"""


@dataclass(frozen=True)
class Balance:
    """Points that can be used, points that are still pending, and points owed."""

    points: int
    pending: int = 0
    debt: int = 0


def get_balance(programme_id: int, member_id: int) -> Balance:
    """What the account holds; what has fallen due since its last posting is not in it yet."""
    row = (
        PointsAccount.objects.filter(member_id=member_id, programme_id=programme_id)
        .values_list("balance", "pending", "debt")
        .first()
    )
    return Balance(*row) if row else Balance(0)


def balance_as_of(
    programme_id: int, member_id: int, at: datetime, *, known: datetime | None = None
) -> Balance:
    """What the member had at an instant, by all entries recorded up to `known` (None: up to now)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _AS_OF,
            {"at": at, "member": member_id, "programme": programme_id, "known": known or "infinity"},
        )
        return Balance(*(int(one) for one in cursor.fetchone()))
