"""The net investment of a member in each product, from the transactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Func, Max, Min, Q, Sum, TextField, Value

from crm.runtime.clock import day_of
from crm.runtime.text.local_names import local_name
from members.portfolio.models import Transaction, TransactionKind


@dataclass(frozen=True)
class Holding:
    """Money of one member in one product: `net` is bought less what came back, which is not its value today.

    `matures_on` is the next platform day on which a buy of it matures, empty where none is to come.
    `import_id` is the latest import that wrote one of the transactions, `sources` the systems they name.
    """

    product_id: int
    product: str
    category: str
    risk: str
    regime: str | None
    bought: Decimal
    redeemed: Decimal
    dividends: Decimal
    count: int
    last_at: datetime
    matures_on: date | None
    import_id: int | None
    sources: list[str]

    @property
    def is_held(self) -> bool:
        """Whether more was bought than came back; units are not known, so KPIs count holdings alike."""
        return self.net > 0

    @property
    def net(self) -> Decimal:
        return self.bought - self.redeemed


def holdings(member_id: int, now: datetime) -> list[Holding]:
    """Holdings by product, the largest net amount first, without transactions of no product. One query."""
    none = Decimal(0)

    def total(*kinds: str) -> Sum:
        return Sum("amount", filter=Q(kind__in=kinds), default=none)

    source = Func(F("id"), Value(":"), Value(1), function="split_part", output_field=TextField())
    rows = (
        Transaction.objects.filter(member=member_id, at__lte=now, product__isnull=False)
        .values_list(
            "product_id",
            local_name("product__"),
            local_name("product__category__"),
            "product__risk",
            "product__regime",
        )
        .annotate(
            bought=total(TransactionKind.BUY),
            redeemed=total(TransactionKind.REDEMPTION, TransactionKind.PAYOUT),
            dividends=total(TransactionKind.DIVIDEND),
            count=Count("id"),
            last_at=Max("at"),
            matures_on=Min("matures_on", filter=Q(matures_on__gte=day_of(now))),
            latest_import=Max("import_id"),
            sources=ArrayAgg(source, filter=Q(id__contains=":"), distinct=True, default=Value([])),
        )
        .order_by()
    )
    return sorted((Holding(*row) for row in rows), key=lambda holding: holding.net, reverse=True)
