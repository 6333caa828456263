"""The hidden nature of a member: what later models may only guess from behaviour."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from random import Random

from crm.demo.world.lives.people import RETIRED, Person
from crm.demo.world.parameters import (
    BOLD_WHEN_QUALIFIED,
    FEWEST_LOGINS,
    LOGINS_A_DAY,
    LOGINS_SPREAD,
    MEDIAN_INCOME,
    MONTHLY_HAZARD,
    MOST_LOGINS,
    MOST_YEARS,
    MOST_YEARS_RETIRED,
    PRIVATE_INCOME,
    PRIVATE_WEALTH,
    PROPENSITY,
    WEALTH_OF_INCOME,
    WEALTH_RISES,
    WEALTH_SPREAD,
    Channel,
)


@dataclass(frozen=True, slots=True)
class Traits:
    """`wealth`: yuan that could ever be brought; `propensity`: 0–1, eagerness to save; `activity`: logins a
    day while engaged; `loyalty`: 0–1; `hazard`: chance a month of beginning to leave in a calm market;
    `risk`: 0–5 for C0–C5; `qualified`: for private funds."""

    wealth: float
    propensity: float
    activity: float
    loyalty: float
    hazard: float
    risk: int
    qualified: bool


def draw_traits(rng: Random, channel: Channel, person: Person, age: float) -> Traits:
    """Traits of somebody of this income and age who came through a channel."""
    loyalty = rng.betavariate(3.2, 2.4)
    propensity = rng.betavariate(*PROPENSITY)
    years = WEALTH_OF_INCOME * (person.income / MEDIAN_INCOME) ** WEALTH_RISES * channel.wealth
    years *= rng.lognormvariate(0, WEALTH_SPREAD) * (0.4 + age / 60)
    wealth = person.income * min(years, MOST_YEARS_RETIRED if person.occupation == RETIRED else MOST_YEARS)
    qualified = wealth >= PRIVATE_WEALTH or person.income >= PRIVATE_INCOME
    taste = 2.5 + rng.gauss(0, 1.1) - (age - 40) / 28 + (BOLD_WHEN_QUALIFIED if qualified else 0)
    return Traits(
        wealth=wealth,
        propensity=propensity,
        activity=min(MOST_LOGINS, max(FEWEST_LOGINS, rng.lognormvariate(log(LOGINS_A_DAY), LOGINS_SPREAD))),
        loyalty=loyalty,
        hazard=MONTHLY_HAZARD * channel.hazard * exp(1.6 * (0.57 - loyalty)),
        risk=max(0, min(5, round(taste))),
        qualified=qualified,
    )
