"""Stories that a life may be part of: a run, a maturity wave, a manager on leave (docs/demo-world.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.demo.world.days import SPAN, trading_second
from crm.demo.world.lives.choose import HIGHEST_RISK, round_sum
from crm.demo.world.lives.complaints import complain
from crm.demo.world.lives.leaving import ENGAGED
from crm.demo.world.parameters import (
    LEAVE_AGO,
    LEAVE_HAZARD,
    LEAVE_LOGINS,
    LEAVE_REINVESTS,
    RUN_AGO,
    RUN_COMPLAINS,
    RUN_DAYS,
    RUN_LEAVES,
    RUN_PRODUCT,
    RUN_STAYS_ON,
    WAVE_CHANCE,
    WAVE_FROM,
    WAVE_PRODUCT,
    WAVE_SHARE,
    WAVE_TO,
)
from crm.demo.world.places import ON_LEAVE, manager_of
from crm.demo.world.products import PLACE, SHELF

if TYPE_CHECKING:
    from crm.demo.world.lives.life import Life

RUN_DAY, LEAVE_DAY = SPAN - RUN_AGO, SPAN - LEAVE_AGO
WAVE_DAYS = range(SPAN - WAVE_FROM, SPAN - WAVE_TO)
WAVE = PLACE[WAVE_PRODUCT]
RUN, SAFE = PLACE[RUN_PRODUCT], PLACE["P001"]
CALLED = 50_000  # yuan of assets from which a manager would call; assumed


class Neglect:
    """What it does to a member that the manager is away, as factors; 1 where it does nothing."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._theirs = manager_of(life.account.member_id, life.arrival.person.city) == ON_LEAVE

    def on(self, day: int) -> bool:
        return self._theirs and day >= LEAVE_DAY and self._life.account.aum(day) >= CALLED

    def hazard(self, day: int) -> float:
        return LEAVE_HAZARD if self.on(day) else 1.0

    def logins(self, day: int) -> float:
        return LEAVE_LOGINS if self.on(day) else 1.0

    def reinvests(self, day: int) -> float:
        return LEAVE_REINVESTS if self.on(day) else 1.0


def be_offered(life: Life, day: int) -> None:
    """The weeks of a one-year product: some take it, if it suits them."""
    rng, shelf = life.rng, SHELF[WAVE]
    amount = round_sum(life.traits.wealth * rng.uniform(*WAVE_SHARE))
    suits = HIGHEST_RISK[life.traits.risk] >= shelf.risk and amount >= shelf.minimum
    if life.phase is ENGAGED and suits and rng.random() < WAVE_CHANCE:
        second = trading_second(rng)
        life.diary.event(day, second - 120, "login")
        life.take(WAVE, day, second, amount)


def hear_of_run(life: Life, day: int) -> None:
    """The product has fallen: some holders leave it within days, some complain, some stay."""
    rng = life.rng
    if RUN not in life.account.units:
        return
    if rng.random() < RUN_COMPLAINS:
        later = day + 1 + rng.randrange(6)
        life.diary.complaint(later, complain(rng, life.account, day, about=RUN))
    if rng.random() < RUN_LEAVES:
        life.plan_ahead(day + int(rng.expovariate(1 / RUN_DAYS)), lambda then: _leave_product(life, then))


def _leave_product(life: Life, day: int) -> None:
    """Redeem all of it; most keep the money on the platform."""
    second = trading_second(life.rng)
    life.diary.event(day, second - 120, "login")
    back = life.account.sell(RUN, day, second, life.account.free(RUN, day) + 1)
    if back >= 200 and life.rng.random() < RUN_STAYS_ON:
        life.plan_ahead(
            day + 1, lambda then: life.take(SAFE, then, trading_second(life.rng), back // 100 * 100)
        )
