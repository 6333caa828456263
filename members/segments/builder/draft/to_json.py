"""Write a draft as a rule in JSON, and remember which part of the JSON came from where in the form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from crm.web.lists.typed_amounts import parse_typed_amount
from members.rules.catalogue.types import Type
from members.segments.builder.catalogue import CHANGE, DID, FIELD, Catalogue
from members.segments.builder.draft.tree import (
    ANY,
    ROOT,
    Condition,
    Group,
    Node,
    Texts,
    first,
)
from members.segments.builder.operators import AS_NUMBERS, MEASURES, Given, default_operator, given

_SEPARATORS = re.compile(r"[\n\r,，、;；]+")  # noqa: RUF001  # as people type lists
_STEPS = re.compile(r"\w+")
_Path = tuple[str, ...]


@dataclass
class Written:
    """`data` is the rule, None where nothing of it is complete. `incomplete` are places that need more."""

    data: dict[str, Any] | None = None
    incomplete: list[str] = field(default_factory=list)
    places: dict[_Path, str] = field(default_factory=dict)

    def place_of(self, path: str) -> str:
        """Where in the form the part of the rule at a JSON path stands: the nearest node around it."""
        steps = tuple(_STEPS.findall(path))
        while steps and steps not in self.places:
            steps = steps[:-1]
        return self.places.get(steps, ROOT)


def to_json(root: Group, catalogue: Catalogue) -> Written:
    """The rule of a draft, without its incomplete conditions. Values that are none are written as typed."""
    written = Written()
    _Writer(written, catalogue).root(root)
    return written


class _Incomplete(Exception):
    """Something that a condition needs has not been entered."""


@dataclass
class _Writer:
    written: Written
    catalogue: Catalogue

    def root(self, root: Group) -> None:
        self.written.data = self.node(root, ROOT, ())

    def node(self, node: Node, place: str, path: _Path) -> dict[str, Any] | None:
        self.written.places[path] = place
        inner = (*path, "not") if node.negated else path
        self.written.places[inner] = place
        data = self.group(node, place, inner) if isinstance(node, Group) else self.condition(node, place)
        return {"not": data} if node.negated and data is not None else data

    def group(self, group: Group, place: str, path: _Path) -> dict[str, Any] | None:
        kind = "any" if group.kind == ANY else "all"
        items: list[dict[str, Any]] = []
        for number, item in enumerate(group.items):
            data = self.node(item, f"{place}.{number}", (*path, kind, str(len(items))))
            if data is not None:
                items.append(data)
        return {kind: items} if items else None

    def condition(self, condition: Condition, place: str) -> dict[str, Any] | None:
        writers = {FIELD: self.field, DID: self.did, CHANGE: self.change}
        try:
            if condition.kind not in writers or not condition.name:
                raise _Incomplete
            return writers[condition.kind](condition)
        except _Incomplete:
            self.written.incomplete.append(place)
            return None

    def field(self, condition: Condition) -> dict[str, Any]:
        known = self.catalogue.fields.get(condition.name)
        of, listed = (known.type, known.choices is not None) if known else (Type.TEXT, False)
        return {"field": condition.name, **_compared(condition.texts, of, listed)}

    def did(self, condition: Condition) -> dict[str, Any]:
        known = self.catalogue.activities.get(condition.name)
        data: dict[str, Any] = {"did": condition.name}
        where = [self.property(known, texts) for texts in condition.where]
        if where:
            data["where"] = where
        if period := _period(condition.texts):
            data["period"] = period
        return {**data, **_measure(condition.texts)}

    def property(self, known: Any, texts: Texts) -> dict[str, Any]:
        name = first(texts, "property")
        if not name:
            raise _Incomplete
        properties = {one.name: one for one in known.properties} if known else {}
        found = properties.get(name)
        if found and found.open:
            key = first(texts, "key").strip()
            if not key:
                raise _Incomplete
            name = f"{name}.{key}"
        of, listed = (found.type, found.choices is not None) if found else (Type.TEXT, False)
        if found and found.open and first(texts, "op") in AS_NUMBERS:
            of = Type.NUMBER
        return {"property": name, **_compared(texts, of, listed)}

    def change(self, condition: Condition) -> dict[str, Any]:
        texts = condition.texts
        by, typed = first(texts, "by", "share"), first(texts, "value").strip()
        if not typed:
            raise _Incomplete
        percent = _decimal(typed) if by == "share" else None
        amount = number(typed) if percent is None else f"{(percent / 100).normalize():f}"
        return {
            "change": condition.name,
            "direction": first(texts, "direction", "fell"),
            "by": {by: amount},
            "within": _span(texts, "length"),
        }


def _measure(texts: Texts) -> dict[str, Any]:
    measure = first(texts, "measure", "times")
    if measure == "never":
        return {"never": True}
    if measure == "times" and not first(texts, "value") and first(texts, "op", ">=") == ">=":
        return {}  # at least once
    of = Type.INSTANT if measure in ("first", "last") else Type.NUMBER
    compared = _compared(texts, of, listed=False)
    if measure == "sum":
        name = first(texts, "sum_of")
        if not name:
            raise _Incomplete
        return {"sum": {"property": name, **compared}}
    return {measure if measure in MEASURES else "times": compared}


def _period(texts: Texts) -> dict[str, Any]:
    name = first(texts, "period")
    if not name:
        return {}
    if name == "within_last":
        return {name: _span(texts, "length")}
    days = [first(texts, "from"), first(texts, "until")] if name == "between" else [first(texts, "from")]
    if not all(days):
        raise _Incomplete
    return {name: days if name == "between" else days[0]}


def _compared(texts: Texts, of: Type, listed: bool) -> dict[str, Any]:
    operator = first(texts, "op") or default_operator(of)
    shape = given(operator)
    if shape is Given.NOTHING:
        return {"op": operator}
    if shape is Given.SPAN:
        return {"op": operator, "value": _span(texts, "value")}
    if shape is Given.LIST:
        values = texts.get("value", [])
        if not listed:
            values = [one for value in values for one in _SEPARATORS.split(value)]
        values = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if not values:
            raise _Incomplete
        return {"op": operator, "value": values}
    asked = ("value", "to") if shape is Given.TWO else ("value",)
    values = [first(texts, name).strip() for name in asked]
    if not all(values):
        raise _Incomplete
    read = [_value(value, of) for value in values]
    return {"op": operator, "value": read if shape is Given.TWO else read[0]}


def _value(text: str, of: Type) -> Any:
    if of in (Type.MONEY, Type.NUMBER):
        return number(text)
    if of is Type.FLAG:
        return {"true": True, "false": False}.get(text, text)
    return text


def number(text: str) -> Any:
    """The number of a text, as people type amounts; the text itself where it is none."""
    value = _decimal(text)
    if value is None:
        return text.strip()
    return int(value) if value == value.to_integral_value() else str(value)


def _decimal(text: str) -> Decimal | None:
    text = text.strip()
    sign = text[:1] if text[:1] in ("-", "−") else ""
    try:
        return parse_typed_amount(text[len(sign) :]) * (-1 if sign else 1)
    except (ValueError, InvalidOperation):
        return None


def _span(texts: Texts, name: str) -> Mapping[str, Any]:
    text = first(texts, name).strip()
    if not text:
        raise _Incomplete
    length = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else text
    return {first(texts, f"{name}_unit", "days"): length}
