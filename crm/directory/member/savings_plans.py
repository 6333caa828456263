"""The savings plans of a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from crm.directory.provenance import Origins
from crm.runtime.clock import day_of
from crm.web.components import Text
from members.portfolio.models import SavingPlan

SHOWN = 50


@dataclass(frozen=True)
class SavingsPlan:
    """A standing order to invest; `running` today."""

    amount: Decimal
    every: str
    product: str
    started_on: date
    ended_on: date | None
    running: bool
    origin: Text


def plans_of(member_id: int, origins: Origins, now: datetime) -> list[SavingsPlan]:
    """The latest plans, running ones first. One query."""
    today = day_of(now)
    rows = (
        SavingPlan.objects.filter(member=member_id, started_on__lte=today)
        .select_related("product")
        .order_by("-started_on", "id")[:SHOWN]
    )
    plans = [
        SavingsPlan(
            row.amount,
            row.get_every_display(),
            str(row.product or ""),
            row.started_on,
            row.ended_on,
            row.ended_on is None or row.ended_on > today,
            origins.of(row.import_id, row.id),
        )
        for row in rows
    ]
    return sorted(plans, key=lambda plan: not plan.running)
