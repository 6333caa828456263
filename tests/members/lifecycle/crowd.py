"""Thousands of members of a few kinds, for tests of work done side by side or broken off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.members.lifecycle import oracle, tables, worlds
from tests.members.lifecycle.worlds import Row

START = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
NOW = START + timedelta(days=6)  # all are newcomers: their whole lines are recorded
POLICY = oracle.Policy(
    1,
    tables.LONG_AGO,
    stalled_days=2,
    warn_idle_days=1,
    warn_floor=Decimal(1),
    idle_days=2,
    dormant_days=3,
    churned_days=5,
    fall_window_days=3,
    fall_floor=Decimal(100),
    fall_memory_days=5,
    mature_aum=Decimal(1000),
    mature_days=2,
    mature_tenure_days=2,
    signal_days=3,
)


def crowd(size: int) -> worlds.World:
    """Every seventh is like every other seventh, so that the plain evaluation need only judge seven."""
    world = worlds.World(ZoneInfo("Asia/Shanghai"), START.date(), [POLICY])
    world.members = [one(number % 7) for number in range(size)]
    return world


def one(kind: int) -> worlds.Life:
    life = worlds.Life(START, None if kind == 0 else START + timedelta(hours=1))
    if kind >= 2:
        life.rows["buy"] = Row("buy", at=START + timedelta(hours=2), amount=Decimal(2000))
    if kind >= 3:
        life.rows["login"] = Row("login", at=START + timedelta(days=2))
    if kind >= 4:
        life.rows["redemption"] = Row("redemption", at=START + timedelta(days=3), amount=Decimal(1500))
    if kind >= 5:
        life.rows["closing"] = Row("closing_request", at=START + timedelta(days=4))
    if kind == 6:
        life.rows["valued"] = Row("valuation", day=(START + timedelta(days=5)).date(), amount=Decimal(0))
    return life
