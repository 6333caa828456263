"""Parse a rule: JSON into a tree, or all that is wrong with it, each at its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.staff.models import Staff
from members.rules.catalogue.choices import choices_read_once
from members.rules.catalogue.fields import fields
from members.rules.language.cycles import Named, refuse_cycles
from members.rules.language.errors import BadRule, BadRules, Mistake
from members.rules.language.near import listed, shown
from members.rules.language.operators import Shape, operators_of
from members.rules.language.parse_changed import parse_changed
from members.rules.language.parse_did import parse_did
from members.rules.language.reader import Reader
from members.rules.language.tree import All, Any_, FieldIs, Not, Rule
from members.rules.language.values import Expected, parse_value

MOST_LEVELS, MOST_CONDITIONS = 8, 60
KINDS = ("all", "any", "not", "field", "did", "change")


@choices_read_once()
def parse(data: object, *, staff: Staff | None = None, own: Named | None = None) -> Rule:
    """The rule that JSON values write. Raises BadRules.

    What `staff` may not see plain is unknown, in the same words as what there is not; None: everything may be
    asked. `own` is what the rule will stand for ("segment" and its id): it may not lead back to that. Objects
    made by `read_json` are also judged for keys that stand twice.
    """
    reader = Reader(staff)
    rule = _rule(data, "$", 1, reader)
    if rule is None or reader.mistakes:
        raise BadRules(reader.mistakes)
    refuse_cycles(rule, own)
    return rule


def _rule(data: object, path: str, level: int, reader: Reader) -> Rule | None:
    if level > MOST_LEVELS:
        reader.fault(BadRule(path, Mistake.TOO_DEEP, most=MOST_LEVELS))
        return None
    if not isinstance(data, Mapping):
        reader.fault(BadRule(path, Mistake.NOT_A_RULE, value=shown(data), kinds=", ".join(KINDS)))
        return None
    kinds = [kind for kind in KINDS if kind in data]
    if len(kinds) != 1:
        value = " + ".join(kinds) or listed(map(shown, data)) or "{}"
        reader.fault(BadRule(path, Mistake.NOT_A_RULE, value=value, kinds=", ".join(KINDS)))
        return None
    if kinds[0] in ("all", "any"):
        return _group(data, kinds[0], path, level, reader)
    if kinds[0] == "not":
        reader.keys(data, path, ["not"], [])
        inner = _rule(data["not"], f"{path}.not", level + 1, reader)
        return None if inner is None else Not(path, inner)
    return _condition(data, kinds[0], path, reader)


def _group(data: Mapping[str, Any], kind: str, path: str, level: int, reader: Reader) -> Rule | None:
    reader.keys(data, path, [kind], [])
    given = data[kind]
    if not isinstance(given, list | tuple) or not given:
        reader.fault(BadRule(f"{path}.{kind}", Mistake.EMPTY))
        return None
    found = [_rule(one, f"{path}.{kind}[{place}]", level + 1, reader) for place, one in enumerate(given)]
    rules = tuple(one for one in found if one is not None)
    return All(path, rules) if kind == "all" else Any_(path, rules)


def _condition(data: Mapping[str, Any], kind: str, path: str, reader: Reader) -> Rule | None:
    reader.conditions += 1
    if reader.conditions > MOST_CONDITIONS:
        reader.fault(BadRule(path, Mistake.TOO_MANY, most=MOST_CONDITIONS))
        raise BadRules(reader.mistakes)
    if kind == "did":
        return parse_did(data, path, reader)
    return parse_changed(data, path, reader) if kind == "change" else _field(data, path, reader)


def _field(data: Mapping[str, Any], path: str, reader: Reader) -> FieldIs | None:
    if not reader.keys(data, path, ["field", "op"], ["value"]):
        return None
    field = reader.named(data["field"], f"{path}.field", reader.fields, Mistake.UNKNOWN_FIELD)
    if field is None:
        return None
    known = reader.operators(fields[field.name], operators_of(field), data["op"])
    shape = reader.named(data["op"], f"{path}.op", known, Mistake.UNKNOWN_OPERATOR)
    if shape is None:
        return None
    found = FieldIs(path, field.name, data["op"])
    if shape is Shape.NONE:
        if "value" in data:
            reader.fault(BadRule(f"{path}.value", Mistake.TAKES_NO_VALUE, operator=data["op"]))
        return found
    if "value" not in data:
        reader.fault(BadRule(path, Mistake.MISSING_KEY, key="value"))
        return found
    value = reader.attempt(
        parse_value, data["value"], f"{path}.value", shape, Expected(field.type, field.choices)
    )
    return FieldIs(path, field.name, data["op"], value)
