"""How long a risk assessment is valid, and how old somebody is."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from members.profiles.questionnaires.validity import end_of

NOTICE = timedelta(days=30)  # how long before its end an assessment counts as expiring soon


class Validity(StrEnum):
    """Whether a member's risk assessment is valid."""

    NONE = "none"
    VALID = "valid"
    SOON = "soon"  # valid, and expires within NOTICE
    EXPIRED = "expired"


def age_on(born: date | None, today: date) -> int | None:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def assessed_before(ends_on: date) -> date:
    """The latest day of an assessment that is not valid any more on a day."""
    latest = date(
        ends_on.year - 1, ends_on.month, min(ends_on.day, 28 if ends_on.month == 2 else ends_on.day)
    )
    following = latest + timedelta(days=1)
    return following if end_of(following) <= ends_on else latest


def validity(
    risk_class: str | None, assessed_on: date | None, today: date, ends_on: date | None = None
) -> Validity:
    """Whether the assessment that gave a class is valid on a day; `ends_on` is its early end, if any."""
    if risk_class is None or assessed_on is None or assessed_on > today:
        return Validity.NONE
    ends = end_of(assessed_on, ends_on)
    if today >= ends:
        return Validity.EXPIRED
    return Validity.SOON if today >= ends - NOTICE else Validity.VALID
