"""The first weeks after registration: newcomer tasks, the questionnaire, hesitation."""

from __future__ import annotations

from random import Random

from crm.demo.world.days import SPAN, leisure_second
from crm.demo.world.lives.arrive import Arrival
from crm.demo.world.lives.diary import Diary
from crm.demo.world.parameters import PROPENSITY

DAY = 86_400
MEAN_PROPENSITY = PROPENSITY[0] / sum(PROPENSITY)
CURIOUS = 1.6  # a newcomer looks in so much more often than later
FIRST_WEEKS = 30
STALLED_LOOKS = 0.5  # of somebody who will never invest


def settle_in(arrival: Arrival, diary: Diary) -> int | None:
    """Write the first weeks; returns the day they decide to invest (SPAN or later: not yet; None: never)."""
    rng, registered = arrival.rng, arrival.registered
    assert registered is not None
    diary.opened = (registered, arrival.second)
    diary.event(registered, arrival.second, "register")
    diary.event(registered, min(DAY - 1, arrival.second + 20), "login")
    invests = rng.random() < arrival.quality * (0.6 + 0.4 * arrival.traits.propensity / MEAN_PROPENSITY)
    decided = registered + 1 + int(rng.lognormvariate(1.2, 1.3)) if invests else None
    tasks = ["complete_profile", "verify_identity", "bind_card", "first_lesson"]
    eager = len(tasks) if invests else rng.randint(0, 3)
    day = registered
    for task in tasks[:eager]:
        if task == "first_lesson" and rng.random() < 0.4:
            continue
        day += int(rng.expovariate(0.9))
        diary.task(min(day, decided) if decided is not None else day, task)
    if invests or rng.random() < 0.35:
        assessed = min(day, decided) if decided is not None else day
        diary.assess(assessed, arrival.traits.risk)
    _look_around(rng, arrival, diary, registered, decided)
    return decided


def _look_around(rng: Random, arrival: Arrival, diary: Diary, registered: int, decided: int | None) -> None:
    """Logins and pages between registration and the first investment, or until interest is lost."""
    patience = FIRST_WEEKS + rng.expovariate(1 / 40) if decided is None else SPAN
    until = min(SPAN, int(registered + patience), SPAN if decided is None else decided)
    rate = max(0.15, arrival.traits.activity) * (STALLED_LOOKS if decided is None else CURIOUS)
    diary.logins(registered + 1, until, rate, leisure_second)
