"""The conditions of a rule with what they ask for: something, or that there is none of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from members.rules.catalogue.fields import fields
from members.rules.language.parse import parse
from members.rules.language.tree import All, Any_, Changed, Did, FieldIs, Not, Rule

_NONE_OF_IT = frozenset({"missing", "empty", "has_none"})
_DEEPEST = 20  # rules that name rules


@dataclass(frozen=True)
class Asked:
    """A condition; `wanted`: somebody has to have or do it to match. `path` leads to it in the own rule.

    `is_expanded`: each value stands for a rule, and the conditions of all of these follow.
    """

    condition: FieldIs | Did | Changed
    wanted: bool
    path: str
    is_expanded: bool = False


def conditions(rule: Rule, *, wanted: bool = True, path: str = "", depth: int = 0) -> Iterator[Asked]:
    """All conditions of a rule, also of the rules that it names (segments, badges, quests)."""
    if isinstance(rule, All | Any_):
        for one in rule.rules:
            yield from conditions(one, wanted=wanted, path=path, depth=depth)
    elif isinstance(rule, Not):
        yield from conditions(rule.rule, wanted=not wanted, path=path, depth=depth)
    else:
        wants = wanted != _asks_for_none(rule)
        named = _named_rules(rule) if depth < _DEEPEST else []
        yield Asked(rule, wants, path or rule.path, bool(named) and None not in named)
        for named_rule in named:
            if named_rule is not None:
                yield from conditions(named_rule, wanted=wants, path=path or rule.path, depth=depth + 1)


def _asks_for_none(condition: FieldIs | Did | Changed) -> bool:
    """Whether those match who have nothing of it, or did nothing of it."""
    if isinstance(condition, FieldIs):
        return condition.operator in _NONE_OF_IT or (condition.operator == "is" and condition.value is False)
    if isinstance(condition, Did) and condition.measure == "times":
        nobody = condition.operator == "=" and condition.value == 0
        return nobody or condition.operator in ("<", "<=")
    return False


def _named_rules(condition: FieldIs | Did | Changed) -> list[Rule | None]:
    """The rules that the values of a condition stand for; None for a value without one (an uploaded list)."""
    references = fields[condition.field].references if isinstance(condition, FieldIs) else None
    if references is None or not isinstance(condition, FieldIs):
        return []
    values = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    found: list[Rule | None] = []
    for value in values:
        rules = [] if value is None else list(references(value))
        found += [parse(data) for data in rules] or [None]
    return found
