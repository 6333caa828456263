"""The rule language as a JSON Schema (draft 2020-12), made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

from django.db import DatabaseError, connection
from django.utils.translation import override

from members.rules.catalogue.activities import Activity, Property, activities, measures
from members.rules.catalogue.fields import Field, fields
from members.rules.catalogue.types import Choice, Type
from members.rules.language.operators import NUMBERS, OPEN, OPERATORS, PASSED, SCALAR, Shape, operators_of
from members.rules.language.parse import KINDS, MOST_CONDITIONS, MOST_LEVELS
from members.rules.language.parse_changed import MOST_RISE
from members.rules.language.parse_did import MOST_PROPERTIES, MOST_TIMES
from members.rules.language.values import DIGITS, LATEST, LONGEST_LIST, LONGEST_TEXT, MOST_DAYS, MOST_HOURS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def schema() -> Schema:
    """The schema of a rule. Choices that are rows of tables may be any text, others are listed."""
    with override("en"):
        rules = [{"$ref": f"#/$defs/{kind}"} for kind in KINDS]
        return {
            "$schema": DIALECT,
            "title": "Rule",
            "description": f"At most {MOST_LEVELS} levels and {MOST_CONDITIONS} conditions: docs/rules.md.",
            "$ref": "#/$defs/rule",
            "$defs": {
                "rule": {"oneOf": rules},
                **{kind: _object({kind: _list("rule")}) for kind in ("all", "any")},
                "not": _object({"not": _ref("rule")}),
                "field": {"oneOf": [_field(field) for field in fields.values()]},
                "did": {"oneOf": [_did(activity) for activity in activities.values()]},
                "change": {"oneOf": [_change(name, str(one.label)) for name, one in measures.items()]},
                **_shapes(),
            },
        }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(properties: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**properties, **(optional or {})},
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(item: str) -> Schema:
    return {"type": "array", "items": _ref(item), "minItems": 1}


def _shapes() -> Schema:
    below = 10**DIGITS
    digits = {"type": "string", "pattern": rf"^\s*-?0{{0,12}}[0-9]{{1,{DIGITS}}}(\.[0-9]{{1,20}})?\s*$"}
    number = {"anyOf": [{"type": "number", "exclusiveMinimum": -below, "exclusiveMaximum": below}, digits]}
    days, hours = _object({"days": _whole(0, MOST_DAYS)}), _object({"hours": _whole(1, MOST_HOURS)})
    years = f"(19[0-9]{{2}}|2[01][0-9]{{2}}|{LATEST.year})"
    day = f"^{years}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
    return {
        Shape.NUMBER: number,
        Shape.NUMBERS: _pair(Shape.NUMBER),
        Shape.TEXT: {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": "^[^\\u0000]*$"},
        Shape.TEXTS: _list(Shape.TEXT) | {"maxItems": LONGEST_LIST},
        Shape.DAY: {"type": "string", "format": "date", "pattern": day},
        Shape.DAYS: _pair(Shape.DAY),
        Shape.SPAN: days,
        "span_of_instants": {"oneOf": [days, hours]},
        Shape.FLAG: {"type": "boolean"},
    }


def _whole(least: int, most: int) -> Schema:
    """A whole number from 0 or 1 on, or a text of its digits."""
    above = r"(?!0+(\.|\s|$))" if least else ""
    text = rf"^\s*{above}0{{0,9}}({_up_to(most)})(\.0{{1,20}})?\s*$"
    number = {"type": "integer", "minimum": least, "maximum": most}
    return {"anyOf": [number, {"type": "string", "pattern": text}]}


def _above_zero(most: int) -> Schema:
    """A number above 0, or a text of its digits."""
    digits = rf"(({_up_to(most - 1)})(\.[0-9]{{1,20}})?|{most}(\.0{{1,20}})?)"
    text = rf"^\s*(?![0.]+\s*$)0{{0,9}}{digits}\s*$"
    number = {"type": "number", "exclusiveMinimum": 0, "maximum": most}
    return {"anyOf": [number, {"type": "string", "pattern": text}]}


def _up_to(most: int) -> str:
    """The pattern of the whole numbers from 0 to `most`, without zeros before them."""
    digits = str(most)
    found = [f"[0-9]{{1,{len(digits) - 1}}}"] if len(digits) > 1 else []
    for place, digit in enumerate(digits):
        if low := "0" if digit == "1" else f"[0-{int(digit) - 1}]" if digit != "0" else "":
            rest = len(digits) - place - 1
            found.append(digits[:place] + low + (f"[0-9]{{{rest}}}" if rest else ""))
    return "|".join([*found, digits])


def _pair(item: str) -> Schema:
    return {"type": "array", "items": _ref(item), "minItems": 2, "maxItems": 2}


def _compared(
    subject: Schema, operators: dict[str, Shape], type: Type, choices: Sequence[str] | None = None
) -> list[Schema]:
    """One schema for the operators of each shape of value."""
    found = []
    for shape in dict.fromkeys(operators.values()):
        names = [name for name, one in operators.items() if one is shape]
        value = {} if shape is Shape.NONE else {"value": _value(shape, type, choices)}
        found.append(_object({**subject, "op": {"enum": names}, **value}))
    return found


def _value(shape: Shape, type: Type, choices: Sequence[str] | None) -> Schema:
    if choices is not None and shape is Shape.TEXT:
        return {"enum": list(choices)}
    if choices is not None and shape is Shape.TEXTS:
        return {"type": "array", "items": {"enum": list(choices)}, "minItems": 1, "maxItems": LONGEST_LIST}
    if shape is Shape.SPAN and type is Type.INSTANT:
        return _ref("span_of_instants")
    return _ref(shape)


def _field(field: Field) -> Schema:
    unit = f" ({field.unit})" if field.unit else ""
    subject = {"field": {"const": field.name}}
    return {
        "title": f"{field.label}{unit}",
        "description": str(field.help),
        "oneOf": _compared(subject, operators_of(field), field.type, fixed_choices(field.choices)),
    }


def _did(activity: Activity) -> Schema:
    when = Type.DAY if activity.by_day else Type.INSTANT
    span = _ref("span") if activity.by_day else _ref("span_of_instants")
    period = [_object({"within_last": span}), _object({"since": _ref("day")})]
    period += [_object({"before": _ref("day")}), _object({"between": _ref("days")})]
    optional: Schema = {"period": {"oneOf": period}}
    where = [schema for one in activity.properties for schema in _property(one)]
    items = {"items": {"oneOf": where}, "maxItems": MOST_PROPERTIES} if where else {"maxItems": 0}
    optional["where"] = {"type": "array", **items}
    times = _whole(0, MOST_TIMES)
    numbers, passed = _compared({}, NUMBERS, Type.NUMBER), _compared({}, PASSED, when)
    for one in numbers:
        one["properties"]["value"] = (
            times
            if "=" in one["properties"]["op"]["enum"]
            else ({"type": "array", "items": times, "minItems": 2, "maxItems": 2})
        )
    measures: Schema = {"times": {"oneOf": numbers}, "never": {"const": True}}
    measures |= {"first": {"oneOf": passed}, "last": {"oneOf": passed}}
    summed = [one for one in activity.properties if one.type in (Type.MONEY, Type.NUMBER) and not one.open]
    sums = [one for property in summed for one in _compared(_named(property.name), NUMBERS, property.type)]
    if sums:
        measures["sum"] = {"oneOf": sums}
    return {
        "title": str(activity.label),
        **_object({"did": {"const": activity.name}}, optional | measures),
        "not": {"anyOf": [{"required": [a, b]} for a, b in _pairs(list(measures))]},
    }


def _pairs(names: Sequence[str]) -> Iterable[tuple[str, str]]:
    return ((a, b) for place, a in enumerate(names) for b in names[place + 1 :])


def _named(name: str) -> Schema:
    return {"property": {"const": name}}


def _property(one: Property) -> list[Schema]:
    if not one.open:
        return _compared(_named(one.name), OPERATORS[one.type], one.type, fixed_choices(one.choices))
    subject: Schema = {"property": {"type": "string", "pattern": rf"^{one.name}\..+$"}}
    scalar: Schema = {"anyOf": [_ref("text"), _ref("number"), _ref("flag")]}
    others = {name: shape for name, shape in OPEN.items() if name not in SCALAR}
    return [
        _object({**subject, "op": {"enum": list(SCALAR)}, "value": scalar}),
        *_compared(subject, others, Type.TEXT),
    ]


def _change(name: str, title: str) -> Schema:
    directions = [("fell", 1), ("rose", MOST_RISE)]
    return {"title": title, "oneOf": [_moved(name, direction, most) for direction, most in directions]}


def _moved(name: str, direction: str, most: int) -> Schema:
    by = [_object({"share": _above_zero(most)}), _object({"amount": _above_zero(10**DIGITS - 1)})]
    return _object(
        {
            "change": {"const": name},
            "direction": {"const": direction},
            "by": {"oneOf": by},
            "within": _object({"days": _whole(1, MOST_DAYS)}),
        }
    )


class _AsksTheDatabase(Exception):
    pass


def _refuse(*_: Any) -> NoReturn:
    raise _AsksTheDatabase


def fixed_choices(choices: Callable[[], Sequence[Choice]] | None) -> list[str] | None:
    """The values of choices that are the same everywhere; None of any other."""
    if choices is None:
        return None
    try:
        with connection.execute_wrapper(_refuse):
            return [one.value for one in choices()]
    except (_AsksTheDatabase, DatabaseError):
        return None
