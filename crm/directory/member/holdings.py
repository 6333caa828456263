"""The net investment of a member in each product, from the transactions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from crm.runtime.clock import day_of
from crm.runtime.database.prepared import fetch_prepared
from crm.runtime.sql_files import sql_beside
from crm.runtime.text.local_names import reads_english

_HOLDINGS = sql_beside(__file__)("holdings")


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
    values = {"member": member_id, "now": now, "today": day_of(now), "english": reads_english()}
    return [Holding(*row) for row in fetch_prepared(_HOLDINGS, values)]
