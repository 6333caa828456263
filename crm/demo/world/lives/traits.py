"""The hidden nature of a member: what later models may only guess from behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from random import Random

from crm.demo.world.channels import Channel

MEDIAN_WEALTH = 130_000  # yuan that a median member could ever bring
WEALTH_SPREAD = 1.15
MONTHLY_HAZARD = 0.041


@dataclass(frozen=True, slots=True)
class Traits:
    """`wealth`: yuan; `propensity`: 0–1, eagerness to save; `activity`: logins a day while engaged;
    `loyalty`: 0–1; `hazard`: chance a month of beginning to leave in a calm market; `risk`: 0–5 for C0–C5."""

    wealth: float
    propensity: float
    activity: float
    loyalty: float
    hazard: float
    risk: int


def draw_traits(rng: Random, channel: Channel, means: float, age: float) -> Traits:
    """Traits of somebody of these means and years who came through a channel."""
    loyalty = rng.betavariate(3.2, 2.4)
    propensity = rng.betavariate(2.4, 3.0)
    taste = 2.4 + rng.gauss(0, 1.1) - (age - 40) / 28
    return Traits(
        wealth=rng.lognormvariate(0, WEALTH_SPREAD) * MEDIAN_WEALTH * means * channel.wealth,
        propensity=propensity,
        activity=min(0.7, max(0.06, rng.lognormvariate(-2.1, 0.6))),
        loyalty=loyalty,
        hazard=MONTHLY_HAZARD * channel.hazard * exp(1.6 * (0.57 - loyalty)),
        risk=max(0, min(5, round(taste))),
    )
