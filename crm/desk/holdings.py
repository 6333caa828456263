"""What a member put into each product, from the member's transactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from members.portfolio.models import Transaction, TransactionKind


@dataclass(frozen=True)
class Holding:
    """Money of one member in one product: `net` is bought minus sold, which is not its value today."""

    product: str
    category: str
    risk: str
    regime: str | None
    bought: Decimal
    sold: Decimal
    dividends: Decimal
    count: int
    last_at: datetime

    @property
    def net(self) -> Decimal:
        return self.bought - self.sold


def holdings(member_id: int, now: datetime) -> list[Holding]:
    """By product, the largest net amount first; transactions without a product are left out. One query."""
    none = Decimal(0)

    def total(kind: str) -> Sum:
        return Sum("amount", filter=Q(kind=kind), default=none)

    rows = (
        Transaction.objects.filter(member=member_id, at__lte=now, product__isnull=False)
        .values_list("product__name", "product__category__name", "product__risk", "product__regime")
        .annotate(
            bought=total(TransactionKind.BUY),
            sold=total(TransactionKind.SELL),
            dividends=total(TransactionKind.DIVIDEND),
            count=Count("id"),
            last_at=Max("at"),
        )
        .order_by()
    )
    return sorted((Holding(*row) for row in rows), key=lambda holding: holding.net, reverse=True)
