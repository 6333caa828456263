"""Whether rules of a badge or quest lead back to it: by a field, by what members did, through other rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from members.loyalty.incentives.compliance.conditions import conditions
from members.loyalty.incentives.fields import BADGE_EARNED, rules_of
from members.loyalty.models import Incentive, IncentiveKind
from members.rules.language.parse import parse
from members.rules.language.tree import Did, FieldIs

NAMES_INCENTIVES = ("badges", "quests_completed")  # fields whose values are codes
_EXCEPT = ("!=", "not_in")


def leads_to(rules: Iterable[Any], code: str) -> bool:
    """Whether one of the rules (JSON) names the incentive, itself or through the rules that it names.

    Who earned any badge also earned this one: a condition that leaves open which badge names all of them.
    """
    waiting, seen = list(rules), set[str]()
    while waiting:
        for named in _named(waiting.pop(), code):
            if named == code:
                return True
            if named not in seen:
                seen.add(named)
                waiting += rules_of(named)
    return False


def _named(data: Any, code: str) -> Iterator[str]:
    """The codes that a rule names; what stands for any badge also names `code`, which may be new."""
    for asked in conditions(parse(data)):
        condition = asked.condition
        if isinstance(condition, FieldIs) and condition.field in NAMES_INCENTIVES:
            yield from condition.value or ()
        elif isinstance(condition, Did) and condition.activity == BADGE_EARNED.name:
            yield from _badges(condition, code)


def _badges(condition: Did, code: str) -> set[str]:
    badges = {code, *Incentive.objects.filter(kind=IncentiveKind.BADGE).values_list("code", flat=True)}
    for one in condition.where:
        values = set(one.value if isinstance(one.value, tuple) else (one.value,))
        badges = badges - values if one.operator in _EXCEPT else badges & values if one.value else badges
    return badges
