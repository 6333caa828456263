"""How investors lose interest, take their money out, go, and sometimes come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.demo.world.lives.complaints import complain
from crm.demo.world.parameters import (
    ASKS_EARLY,
    ASKS_TO_CLOSE,
    EMPTIES_ALL,
    FADING_COMPLAINS,
    FADING_EMPTIES,
    RETURNS,
    RETURNS_LOYAL,
)

if TYPE_CHECKING:
    from crm.demo.world.lives.life import Life

ENGAGED, FADING, GONE = "engaged", "fading", "gone"
MONTH = 30
CLOSING = (
    "资金另有用途，申请销户 / Needs the money elsewhere, asks to close the account",
    "转到其他平台 / Moves to another platform",
    "长期不用，申请注销 / Has not used the account for long, asks to close it",
    "对亏损不满意，要求销户 / Unhappy about losses, asks to close the account",
)


def lose_interest(life: Life, day: int) -> None:
    rng = life.rng
    if life.phase is not ENGAGED:
        return
    life.phase, life.left = FADING, day
    if rng.random() < FADING_COMPLAINS:
        life.diary.complaint(day + rng.randrange(20), complain(rng, life.account, day))
    if rng.random() < ASKS_EARLY:
        life.diary.signal(day + rng.randrange(5, 60), "closing_request", rng.choice(CLOSING))
    if rng.random() < 0.7:
        life.plan_ahead(day + rng.randrange(10, 60), lambda then: _stop_saving(life, then))
        life.plan_ahead(day + rng.randrange(5, 45), life.sell_some)
    if rng.random() < FADING_EMPTIES:
        life.plan_ahead(day + rng.randrange(25, 130), lambda then: _clear_out(life, then))
    life.plan_ahead(day + rng.randrange(30, 90), lambda then: _go(life, then), trades=False)


def _stop_saving(life: Life, day: int) -> None:
    if life.phase is not ENGAGED:
        life.saving.end(day)


def _clear_out(life: Life, day: int) -> None:
    """Take out what is free, unless they thought better of it."""
    if life.phase is ENGAGED:
        return
    life.saving.end(day)
    if life.rng.random() < ASKS_TO_CLOSE:
        life.diary.signal(max(life.left or day, day - 1), "closing_request", life.rng.choice(CLOSING))
    life.sell_share(day, 1.0 if life.rng.random() < EMPTIES_ALL else life.rng.uniform(0.6, 0.95))


def _go(life: Life, day: int) -> None:
    if life.phase is FADING:
        life.phase = GONE
        life.saving.end(day)


def gone_month(life: Life, day: int) -> None:
    """Perhaps they come back in the next month."""
    if life.rng.random() < RETURNS + RETURNS_LOYAL * life.traits.loyalty:
        life.plan_ahead(day + life.rng.randrange(MONTH), lambda then: _return(life, then))


def _return(life: Life, day: int) -> None:
    """Won back, or back by themselves."""
    if life.phase is not GONE:
        return
    life.phase, life.returned = ENGAGED, day
    life.hazard = min(0.2, life.traits.hazard * 1.5)
    life.buy(day, life.traits.wealth * life.rng.uniform(0.05, 0.25))
