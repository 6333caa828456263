"""Parse the condition on what members did."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.hidden_choices import hidden_choices
from members.rules.catalogue.types import Type
from members.rules.language.errors import BadRule, Mistake
from members.rules.language.near import shown
from members.rules.language.operators import NUMBERS, OPEN, OPERATORS, PASSED, SCALAR, Shape
from members.rules.language.reader import Reader
from members.rules.language.tree import Did, Period, PropertyIs
from members.rules.language.values import Expected, parse_value, whole

MEASURES = ("times", "never", "sum", "first", "last")
PERIODS = {
    "within_last": Shape.SPAN,
    "since": Shape.DAY,
    "before": Shape.DAY,
    "between": Shape.DAYS,
}
MOST_TIMES, MOST_PROPERTIES = 1_000_000, 10


def parse_did(data: Mapping[str, Any], path: str, reader: Reader) -> Did | None:
    """{"did": activity, "where": […], "period": {…}, a measure}."""
    reader.keys(data, path, ["did"], ["where", "period", *MEASURES])
    activity = reader.named(data["did"], f"{path}.did", reader.activities, Mistake.UNKNOWN_ACTIVITY)
    if activity is None:
        return None
    where = _where(data.get("where", []), f"{path}.where", activity, reader)
    if not reader.mistakes and _tells_of_hidden(activity, where, reader):
        reader.fault(BadRule(path, Mistake.MISSING_KEY, key="where"))
    period = _period(data["period"], f"{path}.period", activity, reader) if "period" in data else Period()
    measured = [name for name in MEASURES if name in data]
    if len(measured) > 1:
        reader.fault(BadRule(path, Mistake.ONE_MEASURE, names=", ".join(measured)))
        return None
    did = Did(path, activity.name, where, period, "times", ">=", 1)
    return _measured(did, measured[0], data[measured[0]], activity, reader) if measured else did


def _measured(did: Did, measure: str, data: Any, activity: Activity, reader: Reader) -> Did | None:
    path = f"{did.path}.{measure}"
    given = (did.path, did.activity, did.where, did.period)
    if measure == "never":
        if data is not True:
            reader.fault(BadRule(path, Mistake.NOT_CHOSEN, value=shown(data), choices="true"))
        return Did(*given, "times", "=", 0)
    if not isinstance(data, Mapping):
        reader.fault(BadRule(path, Mistake.NOT_A_RULE, value=shown(data), kinds="op, value"))
        return None
    needed = ["property", "op", "value"] if measure == "sum" else ["op", "value"]
    if not reader.keys(data, path, needed, []):
        return None
    operators = PASSED if measure in ("first", "last") else NUMBERS
    shape = reader.named(data["op"], f"{path}.op", operators, Mistake.UNKNOWN_OPERATOR)
    summed = _summed(data["property"], f"{path}.property", activity, reader) if measure == "sum" else None
    if shape is None or (measure == "sum" and summed is None):
        return None
    if measure == "times":
        value = reader.attempt(_times, data["value"], f"{path}.value", shape)
    else:
        type = summed.type if summed else Type.DAY if activity.by_day else Type.INSTANT
        value = reader.attempt(parse_value, data["value"], f"{path}.value", shape, Expected(type))
    return Did(*given, measure, data["op"], value, summed.name if summed else "")


def _times(data: Any, path: str, shape: Shape) -> int | tuple[int, int]:
    if shape is Shape.NUMBER:
        return whole(data, path, MOST_TIMES)
    low, high = parse_value(data, path, shape, Expected(Type.NUMBER))
    return whole(low, f"{path}[0]", MOST_TIMES), whole(high, f"{path}[1]", MOST_TIMES)


def _summed(name: Any, path: str, activity: Activity, reader: Reader) -> Property | None:
    numeric = {
        name: one
        for name, one in reader.properties(activity).items()
        if one.type in (Type.MONEY, Type.NUMBER) and not one.open
    }
    if not numeric:
        reader.fault(BadRule(path, Mistake.NOT_SUMMED, activity=activity.name))
        return None
    return reader.named(name, path, numeric, Mistake.UNKNOWN_PROPERTY)


def _where(data: Any, path: str, activity: Activity, reader: Reader) -> tuple[PropertyIs, ...]:
    if not isinstance(data, list | tuple):
        reader.fault(BadRule(path, Mistake.NOT_A_LIST, value=shown(data)))
        return ()
    if len(data) > MOST_PROPERTIES:
        reader.fault(BadRule(path, Mistake.TOO_MANY_PROPERTIES, most=MOST_PROPERTIES))
        return ()
    found = [_property(one, f"{path}[{place}]", activity, reader) for place, one in enumerate(data)]
    return tuple(one for one in found if one is not None)


def _property(data: Any, path: str, activity: Activity, reader: Reader) -> PropertyIs | None:
    if not isinstance(data, Mapping):
        reader.fault(BadRule(path, Mistake.NOT_A_RULE, value=shown(data), kinds="property, op, value"))
        return None
    if not reader.keys(data, path, ["property", "op"], ["value"]):
        return None
    known = reader.properties(activity)
    name, key = _open(data["property"], known)
    property = reader.named(name, f"{path}.property", known, Mistake.UNKNOWN_PROPERTY)
    if property is None:
        return None
    if property.open and not key:
        reader.fault(BadRule(f"{path}.property", Mistake.NO_KEY, property=property.name))
        return None
    if key:
        reader.attempt(parse_value, key, f"{path}.property", Shape.TEXT, Expected(Type.TEXT))
    registered = next(one for one in activity.properties if one.name == property.name)
    known_operators = OPEN if property.open else OPERATORS[property.type]
    operators = reader.operators(registered, known_operators, data["op"])
    shape = reader.named(data["op"], f"{path}.op", operators, Mistake.UNKNOWN_OPERATOR)
    if shape is None:
        return None
    if shape is Shape.NONE:
        if "value" in data:
            reader.fault(BadRule(f"{path}.value", Mistake.TAKES_NO_VALUE, operator=data["op"]))
        return PropertyIs(path, property.name, data["op"], None, key)
    if "value" not in data:
        reader.fault(BadRule(path, Mistake.MISSING_KEY, key="value"))
        return None
    operator, value = data["op"], data["value"]
    if property.open and operator in SCALAR and isinstance(value, int | float | Decimal):
        shape = Shape.FLAG if isinstance(value, bool) else Shape.NUMBER
    expected = Expected(property.type, property.choices)
    found = reader.attempt(parse_value, value, f"{path}.value", shape, expected)
    if shape is Shape.FLAG and operator == "!=":
        operator, found = "=", not found  # on record and not true: false
    return PropertyIs(path, property.name, operator, found, key)


def _tells_of_hidden(activity: Activity, where: tuple[PropertyIs, ...], reader: Reader) -> bool:
    """Whether rows count whose property has a choice that does not exist for who asks."""
    named = {one.property for one in where}
    return any(one.name not in named and hidden_choices(one, reader.staff) for one in activity.properties)


def _open(name: Any, known: Mapping[str, Property]) -> tuple[Any, str]:
    """The property and the key of "properties.page"; any other name as it is."""
    if isinstance(name, str) and name not in known:
        first, dot, key = name.partition(".")
        if dot and first in known and known[first].open:
            return first, key
    return name, ""


def _period(data: Any, path: str, activity: Activity, reader: Reader) -> Period:
    if not isinstance(data, Mapping) or len(data) != 1:
        reader.fault(BadRule(path, Mistake.UNKNOWN_PERIOD, name=shown(data), names=", ".join(PERIODS)))
        return Period()
    [(name, value)] = data.items()
    shape = reader.named(name, f"{path}.{shown(name)}", PERIODS, Mistake.UNKNOWN_PERIOD)
    if shape is None:
        return Period()
    type = Type.DAY if activity.by_day else Type.INSTANT
    found = reader.attempt(parse_value, value, f"{path}.{name}", shape, Expected(type))
    return Period(name, found)
