"""What a member buys, and for how much."""

from __future__ import annotations

from random import Random

from crm.demo.world.days import SPAN
from crm.demo.world.lives.traits import Traits
from crm.demo.world.parameters import (
    PATHS,
    PRIVATE_WEALTH,
    RUN_AGO,
    RUN_PRODUCT,
)
from crm.demo.world.products import SHELF

# Risk class C0–C5: the highest product risk that may be bought.
HIGHEST_RISK = (1, 1, 2, 3, 4, 5)
PRIVATE = tuple(index for index, product in enumerate(SHELF) if product.category == "private")
PRIVATE_RISK = min(SHELF[index].risk for index in PRIVATE)
LIKES_KNOWN = 0.55  # chance of buying again what is held
FAVOURITE_RISK = (1.0, 1.2, 1.6, 2.6, 3.3, 4.0)


def choose_product(rng: Random, traits: Traits, held: list[int], amount: float, day: int, mood: float) -> int:
    """Index of a product that suits the member and whose minimum the amount reaches."""
    fitting = [
        index
        for index, product in enumerate(SHELF)
        if product.risk <= HIGHEST_RISK[traits.risk]
        and product.minimum <= amount
        and product.category != "private"
        and not (product.code == RUN_PRODUCT and day >= SPAN - RUN_AGO)
    ]
    known = [index for index in held if index in fitting]
    if known and rng.random() < LIKES_KNOWN:
        return rng.choice(known)
    weights = []
    for index in fitting:
        product = SHELF[index]
        near = 1 / (1 + abs(product.risk - FAVOURITE_RISK[traits.risk]))
        chase = max(0.2, 1 + 3 * mood * PATHS[product.category].beta)  # people buy what has just risen
        weights.append(product.popularity * near * chase)
    return rng.choices(fitting, weights=weights)[0]


def may_hold_private(traits: Traits) -> bool:
    """Whether private funds suit the member and three minimums would not be all that they have."""
    return traits.qualified and HIGHEST_RISK[traits.risk] >= PRIVATE_RISK and traits.wealth >= PRIVATE_WEALTH


def choose_private(rng: Random, traits: Traits) -> int:
    """Index of a private fund that suits somebody who may hold one."""
    risk = HIGHEST_RISK[traits.risk]
    fitting = [index for index in PRIVATE if SHELF[index].risk <= risk]
    return rng.choices(fitting, weights=[SHELF[index].popularity for index in fitting])[0]


def round_sum(amount: float) -> int:
    """The round sum that somebody types instead of an exact amount; at least 100 yuan."""
    for limit, step in ((2_000, 100), (10_000, 500), (50_000, 1_000), (200_000, 5_000), (1_000_000, 10_000)):
        if amount < limit:
            return max(100, round(amount / step) * step)
    return round(amount / 100_000) * 100_000
