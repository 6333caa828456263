"""What the template shows of operators and values: which inputs fit a type, filled with what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from members.rules.catalogue.activities import Property
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Type
from members.segments.builder.catalogue import Catalogue, matching_choices
from members.segments.builder.draft.tree import Texts, first
from members.segments.builder.operators import (
    OPEN,
    OPERATORS,
    RARE,
    Given,
    default_operator,
    given,
    span_units,
)

SHOWN = 12  # choices; with more, they are searched
Pair = tuple[str, Promise | str]

_CONTROLS = {
    Type.MONEY: "amount",
    Type.NUMBER: "number",
    Type.DAY: "day",
    Type.INSTANT: "day",
    Type.FLAG: "flag",
    Type.CHOICE: "choice",
}


@dataclass(frozen=True)
class Comparison:
    """An operator and what it is given: `place` begins the names of the inputs, `id` their ids.

    `control` is the kind of input; `choices` are (value, label, whether it is chosen), of many only those
    that `search` finds.
    """

    place: str
    label: Promise | str
    operators: Sequence[Pair]
    operator: str
    control: str
    value: str = ""
    to: str = ""
    unit: Promise | str = ""
    units: Sequence[Pair] = ()
    span_unit: str = ""
    choices: Sequence[tuple[str, str, bool]] = ()
    searched: bool = False
    search: str = ""
    more: int = 0

    @property
    def id(self) -> str:
        return self.place.replace(".", "-")

    @property
    def is_two(self) -> bool:
        return given(self.operator) is Given.TWO


def pairs(labels: Mapping[str, Any], chosen: str, without: Iterable[str] = ()) -> list[Pair]:
    """The choices of a select, with an unknown chosen value as it is."""
    shown: list[Pair] = [
        (name, label) for name, label in labels.items() if name == chosen or name not in without
    ]
    return shown if chosen in labels else [*shown, (chosen, chosen)]


def comparison(
    place: str, of: Field | Property | Type, texts: Texts, catalogue: Catalogue, label: Promise | str = ""
) -> Comparison:
    """The inputs of a field, a property, or a measure of a type."""
    kind = of if isinstance(of, Type) else of.type
    known = None if isinstance(of, Type) else of
    operator = first(texts, "op") or default_operator(kind)
    shape, is_open = given(operator), isinstance(known, Property) and known.open
    shown = Comparison(
        place=place,
        label=label or (known.label if known else ""),
        operators=pairs(OPEN if is_open else OPERATORS[kind], operator, RARE.get(kind, ())),
        operator=operator,
        control=_control(kind, shape),
        value=first(texts, "value"),
        to=first(texts, "to"),
        unit=(known.unit or "") if isinstance(known, Field) else "",
    )
    if shape is Given.SPAN:
        return _with_span(shown, texts, kind)
    if known and known.choices and kind in (Type.CHOICE, Type.SET, Type.TEXT) and shape is not Given.NOTHING:
        return _with_choices(shown, texts, catalogue.choices(known), shape)
    if shape is Given.LIST:
        return replace(shown, value="\n".join(texts.get("value", [])))
    return shown


def _control(kind: Type, shape: Given) -> str:
    if shape is Given.NOTHING:
        return "nothing"
    if shape is Given.SPAN:
        return "span"
    if shape is Given.LIST:
        return "texts"
    control = _CONTROLS.get(kind, "text")
    return "text" if control == "choice" else control


def _with_span(shown: Comparison, texts: Texts, kind: Type) -> Comparison:
    unit = first(texts, "value_unit", "days")
    units = span_units(shown.operator, hours=kind is Type.INSTANT or unit == "hours")
    return replace(shown, units=pairs(units, unit), span_unit=unit)


def _with_choices(shown: Comparison, texts: Texts, labels: dict[str, str], shape: Given) -> Comparison:
    chosen = [value for value in texts.get("value", []) if value]
    if shape is not Given.LIST:
        value = chosen[0] if chosen else ""
        known = [("", _("Choose…")), *pairs(labels, value)] if value or labels else []
        return replace(
            shown, control="choice", choices=[(one, str(label), one == value) for one, label in known]
        )
    if len(labels) <= SHOWN:
        all_of_them = {**labels, **{one: one for one in chosen if one not in labels}}
        return replace(
            shown,
            control="choices",
            choices=[(one, label, one in chosen) for one, label in all_of_them.items()],
        )
    search = first(texts, "search")
    found = matching_choices({one: labels[one] for one in labels if one not in chosen}, search, SHOWN + 1)
    return replace(
        shown,
        control="choices",
        searched=True,
        search=search,
        more=len(labels) - len(chosen) - SHOWN if not search else int(len(found) > SHOWN),
        choices=[
            *((one, labels.get(one, one), True) for one in chosen),
            *((one, label, False) for one, label in found[:SHOWN]),
        ],
    )


def named(properties: Iterable[Property], chosen: str) -> list[Pair]:
    """The properties of an activity as choices, with an unknown chosen one as it is."""
    shown: list[Pair] = [("", _("Choose…")), *((one.name, one.label) for one in properties)]
    return shown if chosen in dict(shown) else [*shown, (chosen, chosen)]
