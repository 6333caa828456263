"""A member's saving plan: a fixed sum on a pay day, bought into one product until it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.demo.world.days import SPAN
from crm.demo.world.lives.account import PLAN_DEBIT
from crm.demo.world.lives.choose import choose_product, round_sum
from crm.demo.world.parameters import PLAN_ENDS
from crm.demo.world.products import SHELF

if TYPE_CHECKING:
    from crm.demo.world.lives.life import Life

PAY_DAYS = (1, 5, 8, 10, 10, 15, 15, 20, 25)
DEBIT_SECOND = 36_000  # plans are executed at ten o'clock
LARGEST = 20_000
_FUNDS = tuple(place for place, product in enumerate(SHELF) if product.minimum <= 100)


class SavingPlan:
    """The plan that runs, if one does; earlier ones are rows already."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._number = 0
        self._started: int | None = None  # day; None: no plan runs
        self._pay_day, self._amount, self._product = 0, 0, 0

    @property
    def runs(self) -> bool:
        return self._started is not None

    def start(self, day: int) -> None:
        life = self._life
        rng, traits = life.rng, life.traits
        self._amount = round_sum(min(LARGEST, traits.wealth * rng.uniform(0.006, 0.03)))
        held = [product for product in sorted(life.account.units) if product in _FUNDS]
        self._product = (
            rng.choice(held) if held else choose_product(rng, traits, [], 100, day, life.market.mood[day])
        )
        self._number += 1
        self._pay_day, self._started = rng.choice(PAY_DAYS), day
        self._plan_next(day)

    def end(self, day: int | None) -> None:
        """Write the plan; day None = it goes on beyond the span."""
        if self._started is None:
            return
        texts, member_id = self._life.days.texts, self._life.account.member_id
        self._life.account.world.rows.add(
            "saving_plans",
            f"{member_id}-P{self._number}",
            member_id,
            f"{self._amount:.2f}",
            "month",
            texts[self._started],
            "" if day is None else texts[day],
            SHELF[self._product].code,
        )
        self._started = None

    def _plan_next(self, day: int) -> None:
        number, dates = self._number, self._life.days.dates
        coming = range(day + 1, min(SPAN, day + 33))
        following = next((then for then in coming if dates[then].day == self._pay_day), SPAN)
        self._life.plan_ahead(following, lambda then: self._debit(then, number))

    def _debit(self, day: int, number: int) -> None:
        if not self.runs or number != self._number:
            return
        self._life.take(self._product, day, DEBIT_SECOND, self._amount, PLAN_DEBIT)
        if self._life.rng.random() < PLAN_ENDS:
            self.end(day)
        else:
            self._plan_next(day)
