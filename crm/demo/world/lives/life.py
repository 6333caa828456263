"""The life of an investor: saves, buys more, gets rich, fades, complains, leaves, returns.

An agenda of (day, action) is worked through in order; each action may put further ones on it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count

from crm.demo.world.days import SPAN, leisure_second, trading_second
from crm.demo.world.lives.account import Account
from crm.demo.world.lives.arrive import Arrival
from crm.demo.world.lives.choose import choose_product, round_sum
from crm.demo.world.lives.diary import Diary
from crm.demo.world.products import SHELF

MONTH = 30
PAY_DAYS = (1, 5, 8, 10, 10, 15, 15, 20, 25)
PLAN_SECOND = 36_000  # saving plans are executed at ten o'clock
PLAN_CHANCE = 0.42
ENGAGED, FADING, GONE = "engaged", "fading", "gone"
LOGINS_WHILE = {ENGAGED: 1.0, FADING: 0.22, GONE: 0.0}

# As staff of a platform that works in two languages write them down.
COMPLAINTS = (
    "赎回到账太慢 / Redemption proceeds arrive too slowly",
    "收益不及预期 / Returns below expectations",
    "客服电话打不通 / Customer service cannot be reached by phone",
    "费用说明不清楚 / Fees are not explained clearly",
    "净值下跌没有提示 / No warning when the net value fell",
    "频繁收到推销电话 / Too many sales calls",
)
CLOSING = (
    "资金另有用途，申请销户 / Needs the money elsewhere, asks to close the account",
    "转到其他平台 / Moves to another platform",
    "长期不用，申请注销 / Has not used the account for long, asks to close it",
    "对亏损不满意，要求销户 / Unhappy about losses, asks to close the account",
)


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
        self.plan: tuple[int, int, int, int] | None = None  # (number, day of month, amount, product)
        self.plan_started = 0
        self.plans = 0
        self._agenda: list[tuple[int, int, Callable[[int], None]]] = []
        self._order = count()

    def live(self, decided: int) -> None:
        """Work through the agenda from the first buy to the end of the span."""
        self.since = decided
        self._plan_ahead(decided, self._begin)
        while self._agenda:
            day, _, action = heapq.heappop(self._agenda)
            action(day)
        self._end_plan(None)
        self.account.advance(SPAN)

    def _plan_ahead(self, day: int, action: Callable[[int], None], *, trades: bool = True) -> None:
        """Put an action on the agenda; trades wait for the next trading day."""
        if 0 <= day < SPAN:
            when = self.days.next_trading[day] if trades else day
            if when < SPAN:
                heapq.heappush(self._agenda, (when, next(self._order), action))

    # Months

    def _begin(self, day: int) -> None:
        self.since = day
        self._buy(day, self.traits.wealth * self.rng.uniform(0.02, 0.2))
        if self.rng.random() < PLAN_CHANCE * (0.5 + self.traits.propensity):
            self._start_plan(day)
        for dividend_day in self.market.dividend_days:
            if dividend_day > day:
                self._plan_ahead(dividend_day, self.account.pay_dividends)
        self._month(day)

    def _month(self, day: int) -> None:
        """What the next thirty days bring."""
        mood = self.market.mood[day]
        excited = 1 + 1.5 * abs(mood)
        rate = self.traits.activity * LOGINS_WHILE[self.phase] * excited
        self.diary.logins(day, min(SPAN, day + MONTH), rate, leisure_second)
        if self.phase is ENGAGED:
            self._engaged_month(day, mood)
        elif self.phase is GONE:
            self._gone_month(day)
        self._plan_ahead(day + MONTH, self._month, trades=False)

    def _engaged_month(self, day: int, mood: float) -> None:
        rng, traits = self.rng, self.traits
        buys = (0.22 + 0.75 * traits.propensity) * max(0.3, 1 + 2.2 * mood)
        if rng.random() < buys and self.account.aum(day) < traits.wealth * 1.25:
            self._plan_ahead(day + rng.randrange(MONTH), self._buy_more)
        if rng.random() < 0.07 * max(0.4, 1 - 2.5 * mood):
            self._plan_ahead(day + rng.randrange(MONTH), self._sell_some)
        if rng.random() < 0.012:
            self._plan_ahead(day + rng.randrange(MONTH), self._life_event)
        if self.plan is None and rng.random() < 0.03 * traits.propensity:
            self._start_plan(day)
        if self.diary.assessed and day - self.diary.assessed[0] > 365 and rng.random() < 0.5:
            self.diary.assess(day, traits.risk)
        unhappy = max(0.5, min(3.0, 1 - 5 * mood))
        if rng.random() < 0.0035 * unhappy:
            self.diary.signal(day + rng.randrange(MONTH), "complaint", rng.choice(COMPLAINTS))
            self.hazard *= 1.8
        settled = 0.75 if day - self.since > 400 else 1.0
        if rng.random() < self.hazard * unhappy * settled:
            self._fade(day + rng.randrange(MONTH))

    # Money

    def _buy_more(self, day: int) -> None:
        tenure = min(1.0, (day - self.since) / 300)
        share = self.rng.uniform(0.02, 0.07 + 0.16 * tenure)
        self._buy(day, self.traits.wealth * share)

    def _buy(self, day: int, wanted: float, second: int | None = None) -> None:
        rng = self.rng
        if second is None:
            second = trading_second(rng)
            self.diary.event(day, second - rng.randint(30, 600), "login")
        if wanted < 1_000_000 <= wanted * 1.6:
            wanted = 1_000_000  # people stretch for the minimum of a private fund
        amount = round_sum(wanted)
        held = sorted(self.account.units)
        product = choose_product(rng, self.traits, held, amount, self.market.mood[day])
        self._take(product, day, second, amount)

    def _take(self, product: int, day: int, second: int, amount: float, kind: str = "buy") -> None:
        """Buy; a lot with a term is locked until the first trading day after it."""
        units = self.account.buy(product, day, second, amount, kind)
        term = SHELF[product].term_days
        if term:
            self.account.locked[product] = self.account.locked.get(product, 0.0) + units
            self._plan_ahead(day + term, lambda then: self._mature(then, product, units))

    def _mature(self, day: int, product: int, units: float) -> None:
        """A lot's term is over: it is paid out; those who stay mostly buy again the same day."""
        self.account.unlock(product, units)
        value = units * self.market.price[product][day]
        paid = self.account.sell(product, day, 33_000, value, "payout")
        again = round_sum(paid) if paid * 0.97 > SHELF[product].minimum else 0
        if self.phase is ENGAGED and again >= SHELF[product].minimum and self.rng.random() < 0.88:
            self._take(product, day, trading_second(self.rng), again)

    def _sell_some(self, day: int) -> None:
        self._sell_share(day, self.rng.uniform(0.08, 0.35))

    def _life_event(self, day: int) -> None:
        """A flat, a wedding, school fees: a large part is taken out, the member stays."""
        self._sell_share(day, self.rng.uniform(0.35, 0.85))

    def _sell_share(self, day: int, share: float) -> None:
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

    # Saving plans

    def _start_plan(self, day: int) -> None:
        amount = round_sum(min(20_000, self.traits.wealth * self.rng.uniform(0.006, 0.03)))
        funds = [index for index, product in enumerate(SHELF) if product.minimum <= 100]
        held = [index for index in sorted(self.account.units) if index in funds]
        product = (
            self.rng.choice(held)
            if held
            else choose_product(self.rng, self.traits, [], 100, self.market.mood[day])
        )
        self.plans += 1
        self.plan = (self.plans, self.rng.choice(PAY_DAYS), amount, product)
        self.plan_started = day
        self._next_instalment(day, self.plans)

    def _next_instalment(self, day: int, number: int) -> None:
        assert self.plan is not None
        pay_day = self.plan[1]
        coming = range(day + 1, min(SPAN, day + 33))
        following = next((then for then in coming if self.days.dates[then].day == pay_day), SPAN)
        self._plan_ahead(following, lambda then: self._instalment(then, number))

    def _instalment(self, day: int, number: int) -> None:
        if self.plan is None or self.plan[0] != number:
            return
        _, _, amount, product = self.plan
        self._take(product, day, PLAN_SECOND, amount, "plan_debit")
        if self.rng.random() < 0.012:
            self._end_plan(day)
        else:
            self._next_instalment(day, number)

    def _end_plan(self, day: int | None) -> None:
        """Write the current plan; day None = it goes on beyond the span."""
        if self.plan is None:
            return
        number, _, amount, product = self.plan
        texts, member_id = self.days.texts, self.account.member_id
        ended = "" if day is None else texts[day]
        self.account.world.rows.add(
            "saving_plans",
            f"{member_id}-P{number}",
            member_id,
            f"{amount:.2f}",
            "month",
            texts[self.plan_started],
            ended,
            SHELF[product].code,
        )
        self.plan = None

    # Leaving and coming back

    def _fade(self, day: int) -> None:
        self._plan_ahead(day, self._lose_interest, trades=False)

    def _lose_interest(self, day: int) -> None:
        rng = self.rng
        self.phase, self.left = FADING, day
        if rng.random() < 0.25:
            self.diary.signal(day + rng.randrange(20), "complaint", rng.choice(COMPLAINTS))
        if rng.random() < 0.7:
            self._plan_ahead(day + rng.randrange(10, 60), self._stop_saving)
            self._plan_ahead(day + rng.randrange(5, 45), self._sell_some)
        if rng.random() < 0.62:
            self._plan_ahead(day + rng.randrange(25, 130), self._clear_out)
        self._plan_ahead(day + rng.randrange(30, 90), self._go, trades=False)

    def _stop_saving(self, day: int) -> None:
        if self.phase is not ENGAGED:
            self._end_plan(day)

    def _clear_out(self, day: int) -> None:
        if self.phase is ENGAGED:  # they thought better of it
            return
        self._end_plan(day)
        if self.rng.random() < 0.3:
            self.diary.signal(max(self.left or day, day - 1), "closing_request", self.rng.choice(CLOSING))
        self._sell_share(day, 1.0 if self.rng.random() < 0.7 else self.rng.uniform(0.6, 0.95))

    def _go(self, day: int) -> None:
        if self.phase is FADING:
            self.phase = GONE
            self._end_plan(day)

    def _gone_month(self, day: int) -> None:
        if self.rng.random() < 0.012 + 0.05 * self.traits.loyalty:
            self._plan_ahead(day + self.rng.randrange(MONTH), self._return)

    def _return(self, day: int) -> None:
        """Won back, or back by themselves."""
        if self.phase is not GONE:
            return
        self.phase, self.returned = ENGAGED, day
        self.hazard = min(0.2, self.traits.hazard * 1.5)
        self._buy(day, self.traits.wealth * self.rng.uniform(0.03, 0.15))
