"""What really happened to a member and why, beside the data that show only its traces."""

from __future__ import annotations

from crm.demo.world.days import SPAN, Days
from crm.demo.world.lives.account import Account
from crm.demo.world.lives.arrive import Arrival
from crm.demo.world.lives.life import Life

TRUTH_COLUMNS = (
    "member_id", "channel", "wealth", "propensity", "activity", "loyalty", "hazard", "risk",
    "invested_on", "left_on", "returned_on", "phase", "aum",
)  # fmt: skip


def truth_row(arrival: Arrival, account: Account, life: Life | None, days: Days) -> dict[str, object]:
    """One row of truth.csv; days are ISO dates, empty where it did not happen."""

    def text(day: int | None) -> str:
        return days.texts[day] if day is not None and day < SPAN else ""

    traits = arrival.traits
    values = (
        arrival.member_id,
        arrival.channel.code,
        round(traits.wealth),
        round(traits.propensity, 4),
        round(traits.activity, 4),
        round(traits.loyalty, 4),
        round(traits.hazard, 5),
        f"C{traits.risk}",
        text(life.since) if life and account.trades else "",
        text(life.left) if life else "",
        text(life.returned) if life else "",
        life.phase if life and account.trades else "none",
        f"{account.aum(days.last):.2f}",
    )
    return dict(zip(TRUTH_COLUMNS, values, strict=True))
