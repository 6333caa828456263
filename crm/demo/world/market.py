"""Three years of prices: a bull market, a fall, a recovery; categories have paths, products keep near them.

Prices move on trading days only.
"""

from __future__ import annotations

from math import exp, log
from random import Random

from crm.demo.world.days import SPAN, Days
from crm.demo.world.dice import dice
from crm.demo.world.parameters import (
    MARKET_NOISE,
    OWN_NOISE,
    PATHS,
    REGIMES,
    RUN_AGO,
    RUN_DAYS,
    RUN_FALL,
    RUN_PRODUCT,
    TRADING_DAYS_A_YEAR,
)
from crm.demo.world.products import SHELF, Product

MOOD_DAYS = 60
DIVIDEND_MONTHS = (3, 6, 9, 12)


class Market:
    """`level` of the market, `price` of each product, `mood` (the market's recent move), by day number."""

    def __init__(self, days: Days, seed: str) -> None:
        self.level = _level(days, dice(seed, "market"))
        self.dividend_days = frozenset(_dividend_days(days))
        moves = {
            category: _moves(days, self.level, category, dice(seed, f"path/{category}")) for category in PATHS
        }
        self.price = [
            _prices(
                days,
                moves[product.category],
                product,
                dice(seed, f"price/{product.code}"),
                self.dividend_days,
            )
            for product in SHELF
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
        noise = [rng.gauss(0, MARKET_NOISE) for _ in trading]
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


def _moves(days: Days, level: list[float], category: str, rng: Random) -> list[float]:
    """What a category gains on each day, as a share; 0 where nothing trades."""
    path = PATHS[category]
    daily = path.drift / TRADING_DAYS_A_YEAR
    return [
        path.beta * (level[day] / level[day - 1] - 1) + daily + rng.gauss(0, path.noise)
        if day and days.trading[day]
        else 0.0
        for day in range(SPAN)
    ]


def _prices(
    days: Days, moves: list[float], product: Product, rng: Random, dividend_days: frozenset[int]
) -> list[float]:
    """Price of one product on each day, 1 on the first; a dividend leaves the price on its day."""
    price, prices = 1.0, [1.0]
    own = PATHS[product.category].noise * OWN_NOISE
    trading = [day for day in range(SPAN - RUN_AGO, SPAN) if days.trading[day]]
    bad = set(trading[:RUN_DAYS]) if product.code == RUN_PRODUCT else ()
    for day in range(1, SPAN):
        if days.trading[day]:
            price *= 1 + product.lean * moves[day] + rng.gauss(0, own)
            if product.dividend and day in dividend_days:
                price *= 1 - product.dividend
            if day in bad:
                price *= 1 - RUN_FALL / RUN_DAYS
        prices.append(price)
    return prices
