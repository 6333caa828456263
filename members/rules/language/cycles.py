"""Rules that name other rules ("in segment X") may not lead back to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.rules.catalogue.fields import fields
from members.rules.language.errors import BadRule, BadRules, Mistake
from members.rules.language.tree import All, Any_, FieldIs, Not, Rule

_MOST_NAMED = 200  # of rules that one leads to


def refuse_cycles(rule: Rule) -> None:
    """Raises BadRules, at the condition of `rule` from which one comes back to where one was."""
    for condition, value in _references(rule):
        if _comes_back(condition.field, value, ()):
            raise BadRules([BadRule(f"{condition.path}.value", Mistake.CYCLE, value=value)])


def _references(rule: Rule) -> Iterator[tuple[FieldIs, str]]:
    if isinstance(rule, All | Any_):
        for one in rule.rules:
            yield from _references(one)
    elif isinstance(rule, Not):
        yield from _references(rule.rule)
    elif isinstance(rule, FieldIs) and fields[rule.field].references:
        values = rule.value if isinstance(rule.value, tuple) else (rule.value,)
        yield from ((rule, value) for value in values if value is not None)


def _comes_back(field: str, value: str, way: tuple[tuple[str, str], ...]) -> bool:
    if (field, value) in way or len(way) > _MOST_NAMED:
        return True
    references = fields[field].references
    if references is None:
        return False
    way = (*way, (field, value))
    return any(_comes_back(name, inner, way) for data in references(value) for name, inner in _named_in(data))


def _named_in(data: Any) -> Iterator[tuple[str, str]]:
    """The values of fields with references in a rule that is stored as JSON."""
    if isinstance(data, list | tuple):
        for one in data:
            yield from _named_in(one)
    elif isinstance(data, dict):
        name = data.get("field")
        if isinstance(name, str) and name in fields and fields[name].references:
            value = data.get("value")
            yield from ((name, str(one)) for one in (value if isinstance(value, list | tuple) else [value]))
        for key in ("all", "any", "not"):
            yield from _named_in(data.get(key))
