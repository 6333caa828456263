"""Rules that name other rules ("in segment X") may not lead back to each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from members.rules.catalogue.fields import fields
from members.rules.language.errors import BadRule, BadRules, Mistake
from members.rules.language.tree import All, Any_, FieldIs, Not, Rule

Named = tuple[str, str]  # a field and a value of it that stands for a rule
_MOST_NAMED = 200  # of rules that one leads to


def refuse_cycles(rule: Rule, own: Named | None = None) -> None:
    """Raises BadRules, at the condition of `rule` from which one comes back to where one was.

    `own` is what the rule will stand for, which so far may stand for another.
    """
    clear: set[Named] = set()
    for condition, value in _references(rule):
        if _comes_back((condition.field, value), (own,) if own else (), clear):
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


def _comes_back(one: Named, way: tuple[Named, ...], clear: set[Named]) -> bool:
    """`clear` are those from which no way leads back: each is looked at once, however many name it."""
    if one in way or len(way) > _MOST_NAMED:
        return True
    if one in clear:
        return False
    field, value = one
    references = fields[field].references
    named = [inner for data in references(value) for inner in named_in(data)] if references else []
    if any(_comes_back(inner, (*way, one), clear) for inner in named):
        return True
    clear.add(one)
    return False


def named_in(data: Any) -> Iterator[Named]:
    """The values of fields with references in a rule that is stored as JSON."""
    if isinstance(data, list | tuple):
        for one in data:
            yield from named_in(one)
    elif isinstance(data, dict):
        name = data.get("field")
        if isinstance(name, str) and name in fields and fields[name].references:
            value = data.get("value")
            yield from ((name, str(one)) for one in (value if isinstance(value, list | tuple) else [value]))
        for key in ("all", "any", "not"):
            yield from named_in(data.get(key))
