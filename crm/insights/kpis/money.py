"""The money of a reader's members in a few figures, for cards and home pages; stored values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.insights.kpis.values import scope_of
from crm.insights.models import KpiValue, Span
from crm.staff.models import Staff
from members.lifecycle.counts.periods import Month
from members.lifecycle.models import Stage

_CODES = ("aum", "net_new_money", "money_in", "money_out", "market_effect", "aum_churn")
_STAGES = {f"aum_{stage}": stage for stage in (Stage.GROWTH, Stage.MATURITY, Stage.DECLINE)}


@dataclass(frozen=True)
class Money:
    """Assets at the end of `through` and what moved since the month began, in platform currency.

    `lost` is what members took out net of what they brought in, `lost_share` of the assets at month start.
    `aum_before` and `net_new_before` are those of the same day of the month before. None: not counted.
    """

    month: date
    through: date | None = None
    clients: int = 0
    aum: Decimal | None = None
    aum_before: Decimal | None = None
    net_new: Decimal | None = None
    net_new_before: Decimal | None = None
    money_in: Decimal | None = None
    money_out: Decimal | None = None
    market: Decimal | None = None
    lost: Decimal | None = None
    lost_share: Decimal | None = None
    by_stage: tuple[tuple[str, Decimal], ...] = ()


def read_money(staff: Staff, month: date) -> Money:
    """The money of the members a reader may see, in the month of a first day. One query."""
    scope, scope_id = scope_of(staff)
    before = Month(month).preceding
    # Uses index: kpivalue_once_a_month
    found = KpiValue.objects.filter(
        scope=scope, scope_id=scope_id, month__in=[month, before], kpi__in=[*_CODES, *_STAGES]
    )
    rows = {(row.kpi, row.month, row.span): row for row in found}
    aum = rows.get(("aum", month, Span.MONTH))
    if aum is None:
        return Money(month)
    runs = aum.through + timedelta(days=1) < Month(month).following
    span = Span.TO_DATE if runs else Span.MONTH

    def value(code: str, on: date = month, of: Span = Span.MONTH) -> Decimal | None:
        row = rows.get((code, on, of))
        return row.value if row else None

    churn = rows.get(("aum_churn", month, Span.MONTH))
    return Money(
        month=month,
        through=aum.through,
        clients=aum.members,
        aum=aum.value,
        aum_before=value("aum", before, span),
        net_new=value("net_new_money"),
        net_new_before=value("net_new_money", before, span),
        money_in=value("money_in"),
        money_out=value("money_out"),
        market=value("market_effect"),
        lost=churn.numerator if churn else None,
        lost_share=churn.value if churn else None,
        by_stage=tuple((str(stage), value(code) or Decimal(0)) for code, stage in _STAGES.items()),
    )
