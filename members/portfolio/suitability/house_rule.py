"""The house rule of a day: how much stricter than the tables this house is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from members.portfolio.models import HouseRule
from members.portfolio.models.suitability import CAUTION_AGE, HIGHEST_RISK, MOST_LEVELS, OLD_AGE

VALUES = (
    *(f"highest_{name.lower()}" for name in HIGHEST_RISK),
    "highest_jump",
    "caution_age",
    "old_age",
)
TABLE_VALUES = {
    **{f"highest_{name.lower()}": highest for name, highest in HIGHEST_RISK.items()},
    "highest_jump": MOST_LEVELS,
    "caution_age": CAUTION_AGE,
    "old_age": OLD_AGE,
}


@dataclass(frozen=True)
class Rule:
    """A house rule by its values; number 0: the tables as they are."""

    number: int
    effective_from: date | None
    values: dict[str, int]


def house_rule_on(day: date) -> Rule:
    """The house rule of a platform day."""
    return _rule(HouseRule.objects.filter(effective_from__lte=day).order_by("-number").first())


def latest_house_rule() -> Rule:
    """What the next version follows, in effect or not yet."""
    return _rule(HouseRule.objects.order_by("-number").first())


def _rule(row: HouseRule | None) -> Rule:
    if row is None:
        return Rule(0, None, TABLE_VALUES)
    return Rule(row.number, row.effective_from, {name: getattr(row, name) for name in VALUES})
