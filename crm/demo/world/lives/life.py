"""The life of an investor: saves, buys more, is paid out, gets rich, fades, complains, leaves, returns.

An agenda of (day, action) is worked through in order; each action may put further ones on it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from crm.demo.world.days import SPAN, leisure_second, trading_second
from crm.demo.world.lives.account import BUY, PAYOUT, Account
from crm.demo.world.lives.arrive import Arrival
from crm.demo.world.lives.choose import choose_private, choose_product, may_hold_private, round_sum
from crm.demo.world.lives.complaints import complain
from crm.demo.world.lives.diary import Diary
from crm.demo.world.lives.leaving import ENGAGED, FADING, GONE, MONTH, gone_month, lose_interest
from crm.demo.world.lives.saving import SavingPlan
from crm.demo.world.lives.stories import RUN_DAY, WAVE_DAYS, Neglect, be_offered, hear_of_run
from crm.demo.world.parameters import (
    BUYS_MORE,
    BUYS_MORE_WITH_TENURE,
    COMPLAINS,
    FIRST_BUY,
    LIFE_EVENT,
    LOGINS_OF_TERM_HOLDERS,
    PLAN_CHANCE,
    PRIVATE_A_MONTH,
    PRIVATE_SHARE,
    REINVESTED,
    REINVESTS,
    REINVESTS_AT_ONCE,
    REINVESTS_LESS,
    REINVESTS_WITHIN,
    SELLS_SOME,
)
from crm.demo.world.products import SHELF

LOGINS_WHILE = {ENGAGED: 1.0, FADING: 0.22, GONE: 0.0}
LONG_TERM = 180  # days; who has most of the money locked for so long looks in less often
PAYOUT_SECOND = 33_000  # before the day's orders


class Life:
    """One investor from the first buy on."""

    def __init__(self, arrival: Arrival, account: Account, diary: Diary) -> None:
        self.arrival, self.account, self.diary = arrival, account, diary
        self.rng, self.traits = arrival.rng, arrival.traits
        self.days, self.market = account.world.days, account.world.market
        self.phase = ENGAGED
        self.since = 0  # day of the first buy
        self.left: int | None = None
        self.returned: int | None = None
        self.hazard = arrival.traits.hazard
        self.saving = SavingPlan(self)
        self.neglect = Neglect(self)
        self._agenda: list[tuple[int, int, Callable[[int], None]]] = []
        self._order = count()

    def live(self, decided: int) -> None:
        """Work through the agenda from the first buy to the end of the span."""
        self.since = decided
        self.plan_ahead(decided, self._begin)
        while self._agenda:
            day, _, action = heapq.heappop(self._agenda)
            action(day)
        self.saving.end(None)
        self.account.advance(SPAN)

    def plan_ahead(self, day: int, action: Callable[[int], None], *, trades: bool = True) -> None:
        """Put an action on the agenda; trades wait for the next trading day."""
        if 0 <= day < SPAN:
            when = self.days.next_trading[day] if trades else day
            if when < SPAN:
                heapq.heappush(self._agenda, (when, next(self._order), action))

    # Months

    def _begin(self, day: int) -> None:
        self.since = day
        self.buy(day, self.traits.wealth * self.rng.uniform(*FIRST_BUY))
        if self.rng.random() < PLAN_CHANCE * (0.5 + self.traits.propensity):
            self.saving.start(day)
        for dividend_day in self.market.dividend_days:
            if dividend_day > day:
                self.plan_ahead(dividend_day, self.account.pay_dividends)
        if day < RUN_DAY:
            self.plan_ahead(RUN_DAY, lambda then: hear_of_run(self, then), trades=False)
        if day < WAVE_DAYS[0]:
            offered = self.rng.choice(WAVE_DAYS)
            self.plan_ahead(offered, lambda then: be_offered(self, then))
        self._month(day)

    def _month(self, day: int) -> None:
        """What the next thirty days bring."""
        mood = self.market.mood[day]
        excited = 1 + 1.5 * abs(mood)
        rate = self.traits.activity * LOGINS_WHILE[self.phase] * excited * self.neglect.logins(day)
        if self._mostly_locked(day):
            rate *= LOGINS_OF_TERM_HOLDERS
        self.diary.logins(day, min(SPAN, day + MONTH), rate, leisure_second)
        if self.phase is ENGAGED:
            self._engaged_month(day, mood)
        elif self.phase is GONE:
            gone_month(self, day)
        self.plan_ahead(day + MONTH, self._month, trades=False)

    def _mostly_locked(self, day: int) -> bool:
        long = (product for product in self.account.units if (SHELF[product].term_days or 0) >= LONG_TERM)
        return sum(self.account.value(product, day) for product in long) * 2 > self.account.aum(day)

    def _engaged_month(self, day: int, mood: float) -> None:
        rng, traits = self.rng, self.traits
        buys = (0.22 + 0.75 * traits.propensity) * max(0.3, 1 + 2.2 * mood)
        aum = self.account.aum(day)
        if rng.random() < buys and aum < traits.wealth * 1.25:
            self.plan_ahead(day + rng.randrange(MONTH), self._buy_more)
        if may_hold_private(traits) and rng.random() < PRIVATE_A_MONTH and aum < traits.wealth * 0.7:
            self.plan_ahead(day + rng.randrange(MONTH), self._buy_private)
        if rng.random() < SELLS_SOME * max(0.4, 1 - 2.5 * mood):
            self.plan_ahead(day + rng.randrange(MONTH), self.sell_some)
        if rng.random() < LIFE_EVENT:
            self.plan_ahead(day + rng.randrange(MONTH), self._life_event)
        if not self.saving.runs and rng.random() < 0.03 * traits.propensity:
            self.saving.start(day)
        if self.diary.assessed and day - self.diary.assessed[0] > 365 and rng.random() < 0.5:
            self.diary.assess(day, traits.risk)
        unhappy = max(0.5, min(3.0, 1 - 5 * mood))
        if rng.random() < COMPLAINS * unhappy:
            self.diary.complaint(day + rng.randrange(MONTH), complain(rng, self.account, day))
            self.hazard *= 1.8
        settled = 0.75 if day - self.since > 400 else 1.0
        if rng.random() < self.hazard * unhappy * settled * self.neglect.hazard(day):
            self.plan_ahead(day + rng.randrange(MONTH), lambda then: lose_interest(self, then), trades=False)

    # Money

    def _buy_more(self, day: int) -> None:
        tenure = min(1.0, (day - self.since) / 300)
        least, most = BUYS_MORE
        share = self.rng.uniform(least, most + BUYS_MORE_WITH_TENURE * tenure)
        self.buy(day, self.traits.wealth * share)

    def buy(self, day: int, wanted: float) -> None:
        """Choose a product for about this sum and buy it."""
        rng = self.rng
        second = trading_second(rng)
        self.diary.event(day, second - rng.randint(30, 600), "login")
        amount = round_sum(wanted)
        held = sorted(self.account.units)
        product = choose_product(rng, self.traits, held, amount, day, self.market.mood[day])
        self.take(product, day, second, amount)

    def _buy_private(self, day: int) -> None:
        """Somebody qualified signs for a private fund, in a round sum of hundred thousands."""
        amount = round_sum(max(1_000_000, self.traits.wealth * self.rng.uniform(*PRIVATE_SHARE)))
        self.diary.event(day, 36_000, "login")
        self.take(choose_private(self.rng, self.traits), day, trading_second(self.rng), amount)

    def take(self, product: int, day: int, second: int, amount: float, kind: str = BUY) -> None:
        """Buy; a lot with a term is locked until the first trading day after it."""
        units = self.account.buy(product, day, second, amount, kind)
        term = SHELF[product].term_days
        if term:
            self.account.locked[product] = self.account.locked.get(product, 0.0) + units
            self.plan_ahead(day + term, lambda then: self._mature(then, product, units))

    def _mature(self, day: int, product: int, units: float) -> None:
        """A lot's term is over: it is paid out, and mostly the larger part is invested again within days."""
        self.account.unlock(product, units)
        value = units * self.market.price[product][day]
        paid = self.account.sell(product, day, PAYOUT_SECOND, value, PAYOUT)
        rng, shelf = self.rng, SHELF[product]
        stays = REINVESTS - REINVESTS_LESS * (shelf.term_days or 0) / 365
        again = min(round_sum(paid * rng.uniform(*REINVESTED)), int(paid) // 100 * 100)
        if (
            self.phase is not ENGAGED
            or again < shelf.minimum
            or rng.random() > stays * self.neglect.reinvests(day)
        ):
            return
        wait = 0 if rng.random() < REINVESTS_AT_ONCE else rng.randint(1, REINVESTS_WITHIN)
        self.plan_ahead(day + wait, lambda then: self.take(product, then, trading_second(rng), again))

    def sell_some(self, day: int) -> None:
        self.sell_share(day, self.rng.uniform(0.08, 0.35))

    def _life_event(self, day: int) -> None:
        """A flat, a wedding, school fees: a large part is taken out, the member stays."""
        self.sell_share(day, self.rng.uniform(0.35, 0.85))

    def sell_share(self, day: int, share: float) -> None:
        """Sell so much of what is free, the largest holdings first; 1 sells everything."""
        second = trading_second(self.rng)
        wanted = self.account.aum(day) * share
        self.diary.event(day, second - self.rng.randint(30, 600), "login")
        holdings = sorted(self.account.units, key=lambda product: (-self.account.free(product, day), product))
        for place, product in enumerate(holdings):
            free = self.account.free(product, day)
            if share < 1 and min(wanted, free) < 100:
                break
            part = free if share >= 1 or wanted > free * 0.93 else min(free, round_sum(wanted))
            wanted -= self.account.sell(product, day, min(53_990, second + place), part)
