"""What a member buys, and for how much."""

from __future__ import annotations

from random import Random

from crm.demo.world.lives.traits import Traits
from crm.demo.world.products import SHELF

# Risk class C0–C5: the highest product risk that may be bought.
HIGHEST_RISK = (1, 1, 2, 3, 4, 5)
LIKES_KNOWN = 0.55  # chance of buying again what is held
FAVOURITE_RISK = (1.0, 1.2, 1.6, 2.6, 3.3, 4.0)


def choose_product(rng: Random, traits: Traits, held: list[int], amount: float, mood: float) -> int:
    """Index of a product that suits the member and whose minimum the amount reaches."""
    fitting = [
        index
        for index, product in enumerate(SHELF)
        if product.risk <= HIGHEST_RISK[traits.risk] and product.minimum <= amount
    ]
    known = [index for index in held if index in fitting]
    if known and rng.random() < LIKES_KNOWN:
        return rng.choice(known)
    weights = []
    for index in fitting:
        product = SHELF[index]
        near = 1 / (1 + abs(product.risk - FAVOURITE_RISK[traits.risk]))
        chase = max(0.2, 1 + 3 * mood * product.beta)  # people buy what has just risen
        weights.append(product.popularity * near * chase * (3 if product.minimum >= 1_000_000 else 1))
    return rng.choices(fitting, weights=weights)[0]


def round_sum(amount: float) -> int:
    """The round sum that somebody types instead of an exact amount; at least 100 yuan."""
    for limit, step in ((2_000, 100), (10_000, 500), (50_000, 1_000), (200_000, 5_000), (1_000_000, 10_000)):
        if amount < limit:
            return max(100, round(amount / step) * step)
    return round(amount / 100_000) * 100_000
