"""A member's holdings: units of products, bought and sold at the day's price, valued as days pass."""

from __future__ import annotations

from crm.demo.world.days import SPAN, Days
from crm.demo.world.market import Market
from crm.demo.world.products import SHELF
from crm.demo.world.rows import Rows

# Valued on every trading day from here on, on Fridays before it.
DAILY_FROM = SPAN - 100
FRIDAY = 4
BUY, PLAN_DEBIT, REDEMPTION, PAYOUT = "buy", "plan_debit", "redemption", "payout"
DUST = 1.0  # a remainder below this is sold with the rest


class World:
    """What all members share: the days, the market, the rows that become files."""

    def __init__(self, days: Days, market: Market, rows: Rows) -> None:
        self.days = days
        self.market = market
        self.rows = rows
        self.valued = [
            number
            for number, day in enumerate(days.dates)
            if days.trading[number] and (number >= DAILY_FROM or day.weekday() == FRIDAY)
        ]


class Account:
    """Calls must come in the order of days. Amounts are yuan; `units` is by product index."""

    def __init__(self, world: World, member_id: str) -> None:
        self.world = world
        self.member_id = member_id
        self.units: dict[int, float] = {}
        self.locked: dict[int, float] = {}  # units of term products before their term
        self.trades = 0
        self.cost: dict[int, float] = {}  # yuan paid for what is held
        self._open_day = -1  # a day with trades, not valued yet
        self._second = 0  # of that day's latest trade: nothing is sold before it was bought
        self._next_valued = 0  # place in world.valued

    def value(self, product: int, day: int) -> float:
        return self.units.get(product, 0.0) * self.world.market.price[product][day]

    def free(self, product: int, day: int) -> float:
        """What can be sold of a product on a day."""
        units = self.units.get(product, 0.0) - self.locked.get(product, 0.0)
        return max(0.0, units) * self.world.market.price[product][day]

    def aum(self, day: int) -> float:
        price = self.world.market.price
        return sum(units * price[product][day] for product, units in self.units.items())

    def buy(self, product: int, day: int, second: int, amount: float, kind: str = BUY) -> float:
        """Buy for an amount; returns the units. A fee, if the product has one, is paid on top."""
        self.advance(day)
        units = amount / self.world.market.price[product][day]
        self.units[product] = self.units.get(product, 0.0) + units
        self.cost[product] = self.cost.get(product, 0.0) + amount
        self._trade(kind, day, second, amount, product)
        fee = round(amount * SHELF[product].fee, 2)
        if fee > 0:
            self._money("fee", day, second, fee, product)
        return units

    def sell(self, product: int, day: int, second: int, amount: float, kind: str = REDEMPTION) -> float:
        """Sell up to an amount of what is free; returns what came in, 0 if there was nothing."""
        self.advance(day)
        free = self.free(product, day)
        whole = int(free * 100) / 100
        amount = round(min(amount, whole), 2)
        if amount <= 0:
            return 0.0
        price = self.world.market.price[product][day]
        if free - amount < DUST:
            amount = whole
            left = self.locked.get(product, 0.0)
        else:
            left = self.units[product] - amount / price
        if left > 0:
            self.cost[product] *= left / self.units[product]
            self.units[product] = left
        else:
            del self.units[product], self.cost[product]
        self._trade(kind, day, second, amount, product)
        return amount

    def unlock(self, product: int, units: float) -> None:
        """The term of a lot is over."""
        left = self.locked.get(product, 0.0) - units
        if left > 1e-6:
            self.locked[product] = left
        else:
            self.locked.pop(product, None)

    def pay_dividends(self, day: int) -> None:
        """Cash for what was held before the day; the price has already fallen by it."""
        self.advance(day)
        for product in sorted(self.units):
            amount = round(self.value(product, day) * SHELF[product].dividend, 2)
            if amount > 0:
                self._money("dividend", day, 32_400, amount, product)

    def advance(self, day: int) -> None:
        """Write the valuations that are due before a day."""
        texts, valued, rows = self.world.days.texts, self.world.valued, self.world.rows.by_kind["valuations"]
        if 0 <= self._open_day < day:
            rows.append((self.member_id, texts[self._open_day], f"{self.aum(self._open_day):.2f}"))
            while self._next_valued < len(valued) and valued[self._next_valued] <= self._open_day:
                self._next_valued += 1
            self._open_day = -1
        while self._next_valued < len(valued) and valued[self._next_valued] < day:
            if self.units:
                number = valued[self._next_valued]
                rows.append((self.member_id, texts[number], f"{self.aum(number):.2f}"))
            self._next_valued += 1

    def _trade(self, kind: str, day: int, second: int, amount: float, product: int) -> None:
        if day == self._open_day:
            second = max(second, self._second + 1)
        self._money(kind, day, second, amount, product)
        self._open_day, self._second = day, second

    def _money(self, kind: str, day: int, second: int, amount: float, product: int) -> None:
        self.trades += 1
        self.world.rows.add(
            "transactions",
            f"{self.member_id}-T{self.trades}",
            self.member_id,
            self.world.days.at(day, second),
            kind,
            f"{amount:.2f}",
            SHELF[product].code,
        )
