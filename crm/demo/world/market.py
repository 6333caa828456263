"""Three years of prices: a bull market, a fall, a recovery. Prices move on trading days only."""

from __future__ import annotations

from math import exp, log
from random import Random

from crm.demo.world.days import SPAN, Days
from crm.demo.world.dice import dice
from crm.demo.world.products import SHELF

# (share of the span, total move of the market over it): up, down, sideways, up again.
REGIMES = ((0.34, 0.42), (0.20, -0.30), (0.10, -0.03), (0.36, 0.34))
DAILY_NOISE = 0.0085
TRADING_DAYS_A_YEAR = 243
MOOD_DAYS = 60
DIVIDEND_MONTHS = (3, 6, 9, 12)


class Market:
    """`level` of the market, `price` of each product, `mood` (the market's recent move), by day number."""

    def __init__(self, days: Days, seed: str) -> None:
        self.level = _level(days, dice(seed, "market"))
        self.dividend_days = frozenset(_dividend_days(days))
        self.price = [
            _prices(days, self.level, index, dice(seed, f"price/{product.code}"), self.dividend_days)
            for index, product in enumerate(SHELF)
        ]
        self.mood = [
            max(-0.3, min(0.3, level / self.level[max(0, day - MOOD_DAYS)] - 1))
            for day, level in enumerate(self.level)
        ]


def _level(days: Days, rng: Random) -> list[float]:
    """The market's level, 1000 on the first day; each regime ends where it is meant to end."""
    levels, begin = [1000.0], 0
    for share, move in REGIMES:
        end = min(SPAN - 1, begin + round(share * SPAN))
        trading = [day for day in range(begin + 1, end + 1) if days.trading[day]]
        noise = [rng.gauss(0, DAILY_NOISE) for _ in trading]
        step = (log(1 + move) - sum(noise)) / len(trading)
        moves = dict(zip(trading, (part + step for part in noise), strict=True))
        for day in range(begin + 1, end + 1):
            levels.append(levels[-1] * exp(moves.get(day, 0.0)))
        begin = end
    levels += [levels[-1]] * (SPAN - len(levels))
    return levels


def _dividend_days(days: Days) -> list[int]:
    """The first trading day from the 20th of each quarter's last month on."""
    found = []
    for number, day in enumerate(days.dates):
        if day.month in DIVIDEND_MONTHS and day.day == 20 and days.next_trading[number] < SPAN:
            found.append(days.next_trading[number])
    return found


def _prices(
    days: Days, level: list[float], index: int, rng: Random, dividend_days: frozenset[int]
) -> list[float]:
    """Price of one product on each day, 1 on the first; a dividend leaves the price on its day."""
    product, price, prices = SHELF[index], 1.0, [1.0]
    daily = product.drift / TRADING_DAYS_A_YEAR
    for day in range(1, SPAN):
        if days.trading[day]:
            market = level[day] / level[day - 1] - 1
            price *= 1 + product.beta * market + daily + rng.gauss(0, product.noise)
            if product.dividend and day in dividend_days:
                price *= 1 - product.dividend
        prices.append(price)
    return prices
