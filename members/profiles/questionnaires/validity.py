"""Until when a member's risk assessment is valid."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=30)  # before its end an assessment counts as expiring

# The first day on which the assessment of the member m is not valid (ASSESSMENT_ENDS of the model Member).
END_SQL = "least((m.risk_assessed_on + interval '1 year')::date, m.risk_ends_on)"


class State(StrEnum):
    """Whether a member's risk assessment is valid on a day."""

    NONE = "none"
    VALID = "valid"
    EXPIRING = "expiring"  # valid, and ends within SOON
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # ended early, since facts changed


def end_of(assessed_on: date, ends_on: date | None = None) -> date:
    """The first day on which an assessment is not valid: a year later (28 February for 29 February).

    Or earlier: `ends_on` is the early end that is stored with the member, if any.
    """
    leap = (assessed_on.month, assessed_on.day) == (2, 29)
    year_later = date(assessed_on.year + 1, 2, 28) if leap else assessed_on.replace(year=assessed_on.year + 1)
    return min(year_later, ends_on) if ends_on else year_later


def is_valid(assessed_on: date | None, ends_on: date | None, today: date) -> bool:
    """Whether there is an assessment that is valid on a platform day."""
    return assessed_on is not None and today < end_of(assessed_on, ends_on)


def state_of(assessed_on: date | None, ends_on: date | None, today: date, *, is_withdrawn: bool) -> State:
    """The state of an assessment on a platform day; `is_withdrawn`: its early end is that of a withdrawal."""
    if assessed_on is None:
        return State.NONE
    end = end_of(assessed_on, ends_on)
    if today >= end:
        return State.WITHDRAWN if is_withdrawn else State.EXPIRED
    return State.EXPIRING if today >= end - SOON else State.VALID
