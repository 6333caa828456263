"""Show a rule in JSON as a draft. Only what the form has no place for is refused: wrong values are shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from members.rules.catalogue.activities import Property
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Type
from members.segments.builder.catalogue import CHANGE, DID, FIELD, Catalogue
from members.segments.builder.draft.tree import ALL, ANY, Condition, Group, Node, Texts
from members.segments.builder.operators import Given, given

_DEEPEST, _DIGITS = 12, 20
_BOUNDED = ("first", "last", "sum", "times")


class NotShown(ValueError):
    """The form cannot show this JSON."""


def load_json(text: str) -> Any:
    """The JSON of a text that somebody pasted. Raises NotShown."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise NotShown(str(error)) from error


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def from_json(data: Any, catalogue: Catalogue) -> Group:
    """The draft of a rule. Raises NotShown."""
    node = _node(data, catalogue, 0)
    return node if isinstance(node, Group) else Group(items=[node])


def _node(data: Any, catalogue: Catalogue, depth: int) -> Node:
    if not isinstance(data, dict) or depth > _DEEPEST:
        raise NotShown("not a rule, or too deep")
    if "not" in data and len(data) == 1:
        node = _node(data["not"], catalogue, depth + 1)
        if node.negated:
            return Group(negated=True, items=[node])
        node.negated = True
        return node
    for kind in (ALL, ANY):
        if kind in data and len(data) == 1 and isinstance(data[kind], list):
            return Group(kind, items=[_node(item, catalogue, depth + 1) for item in data[kind]])
    if isinstance(data.get("field"), str):
        return _field(data, catalogue)
    if isinstance(data.get("did"), str):
        return _did(data, catalogue)
    if isinstance(data.get("change"), str):
        return _change(data)
    raise NotShown("neither a group nor a condition")


def _known(data: dict[str, Any], *names: str) -> None:
    if unknown := set(data) - set(names):
        raise NotShown(f"unknown: {', '.join(sorted(unknown))}")


def _field(data: dict[str, Any], catalogue: Catalogue) -> Condition:
    _known(data, "field", "op", "value")
    known = catalogue.fields.get(data["field"])
    return Condition(FIELD, _text(data["field"]), texts=_compared(data, known))


def _did(data: dict[str, Any], catalogue: Catalogue) -> Condition:
    _known(data, "did", "where", "period", "never", *_BOUNDED)
    known = catalogue.activities.get(data["did"])
    texts: Texts = {"measure": ["times"]}
    if "never" in data:
        texts["measure"] = ["never"]
    for measure in _BOUNDED:
        if measure in data:
            bound = _dict(data[measure])
            _known(bound, "property", "op", "value")
            texts |= {"measure": [measure], **_compared(bound, Type.NUMBER)}
            if "property" in bound:
                texts["sum_of"] = [_text(bound["property"])]
    texts |= _period(_dict(data.get("period", {})))
    where = data.get("where", [])
    if not isinstance(where, list):
        raise NotShown("where is a list")
    lines = [_property(_dict(one), known) for one in where]
    return Condition(DID, _text(data["did"]), texts=texts, where=lines)


def _property(data: dict[str, Any], activity: Any) -> Texts:
    _known(data, "property", "op", "value")
    name = _text(data.get("property", ""))
    properties = {one.name: one for one in activity.properties} if activity else {}
    outer, _dot, key = name.partition(".")
    if name not in properties and outer in properties and properties[outer].open:
        return {"property": [outer], "key": [key], **_compared(data)}
    known = properties.get(name)
    return {"property": [name], **_compared(data, known)}


def _period(data: dict[str, Any]) -> Texts:
    if not data:
        return {}
    if len(data) != 1:
        raise NotShown("one period at a time")
    ((name, value),) = data.items()
    if name == "within_last":
        return {"period": [name], **_span(value, "length")}
    if name == "between":
        low, high = _pair(value)
        return {"period": [name], "from": [low], "until": [high]}
    return {"period": [_text(name)], "from": [_text(value)]}


def _change(data: dict[str, Any]) -> Condition:
    _known(data, "change", "direction", "by", "within")
    by = _dict(data.get("by", {}))
    if len(by) > 1:
        raise NotShown("one of share and amount")
    texts: Texts = {
        "direction": [_text(data.get("direction", "fell"))],
        **_span(data.get("within"), "length"),
    }
    for name, value in by.items():
        texts |= {"by": [_text(name)], "value": [_percent(value) if name == "share" else _text(value)]}
    return Condition(CHANGE, _text(data["change"]), texts=texts)


def _percent(value: Any) -> str:
    """A share in percent; what is none, or far too large or small for one, as it is."""
    try:
        share = Decimal(str(value))
    except InvalidOperation:
        return _text(value)
    usual = share.is_finite() and abs(share.adjusted()) < _DIGITS
    return f"{(share * 100).normalize():f}" if usual else _text(value)


def _compared(data: dict[str, Any], of: Field | Property | Type | None = None) -> Texts:
    operator = _text(data.get("op", ""))
    texts: Texts = {"op": [operator]}
    if "value" not in data:
        return texts
    value, shape = data["value"], given(operator)
    kind = of if of is None or isinstance(of, Type) else of.type
    as_text = _grouped if kind in (Type.MONEY, Type.NUMBER) else _text
    if shape is Given.SPAN:
        return {**texts, **_span(value, "value")}
    if shape is Given.TWO:
        low, high = _pair(value, as_text)
        return {**texts, "value": [low], "to": [high]}
    if isinstance(value, list):
        values = [_text(one) for one in value]
        is_listed = isinstance(of, Field | Property) and of.choices is not None
        return {**texts, "value": values if is_listed else ["\n".join(values)]}
    return {**texts, "value": [as_text(value)]}


def _grouped(value: Any) -> str:
    """A number as it is easy to read: 200,000."""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else _text(value)


def _span(value: Any, name: str) -> Texts:
    if isinstance(value, dict) and len(value) == 1:
        ((unit, length),) = value.items()
        return {name: [_text(length)], f"{name}_unit": [_text(unit)]}
    return {} if value is None else {name: [_text(value)]}


def _pair(value: Any, as_text: Callable[[Any], str] | None = None) -> tuple[str, str]:
    if isinstance(value, list) and len(value) == 2:
        low, high = map(as_text or _text, value)
        return low, high
    raise NotShown("two values")


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotShown("an object is expected")
    return value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "replace").decode()  # JSON may hold half a character
    return str(value) if isinstance(value, int | float | Decimal) else json.dumps(value, ensure_ascii=False)
