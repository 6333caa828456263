"""The conditions of an earn rule as fields of a form: one field for each property of its activity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.rules.catalogue.activities import Activity, Property
from members.rules.catalogue.types import Type

MOST_CHOICES = 60  # beyond that a list is of no use
PREFIX = "where_"
Where = list[dict[str, Any]]
YES_NO = (("", _("Any")), ("true", _("Yes")), ("false", _("No")))


def condition_fields(activity: Activity, where: Where) -> dict[str, forms.Field]:
    """A field a property, holding what the conditions say of it."""
    said = {one["property"]: one for one in where}
    fields = {}
    for one in activity.properties:
        if (field := _field(one, said.get(one.name))) is not None:
            fields[PREFIX + one.name] = field
    return fields


def is_shown(activity: Activity, where: Where) -> bool:
    """Whether fields can hold all that these conditions say."""
    return where_of(
        activity, {name: field.initial for name, field in condition_fields(activity, where).items()}
    ) == [
        {**one, "value": _plain(one["value"])} if "value" in one else one for one in _ordered(activity, where)
    ]


def where_of(activity: Activity, values: Mapping[str, Any]) -> Where:
    """The conditions that these values of the fields stand for."""
    found: Where = []
    for one in activity.properties:
        value = values.get(PREFIX + one.name)
        if value in (None, "", []):
            continue
        if one.type is Type.CHOICE:
            found.append({"property": one.name, "op": "in", "value": list(value)})
        elif one.type is Type.FLAG:
            found.append({"property": one.name, "op": "is", "value": value in (True, "true")})
        else:
            found.append({"property": one.name, "op": ">=", "value": _plain(value)})
    return found


def _field(one: Property, said: Mapping[str, Any] | None) -> forms.Field | None:
    if one.open:
        return None
    if one.type is Type.CHOICE and one.choices is not None:
        choices = [(choice.value, str(choice.label)) for choice in one.choices()]
        if not 0 < len(choices) <= MOST_CHOICES:
            return None
        held = said["value"] if said and said["op"] in ("in", "=") else []
        return forms.MultipleChoiceField(
            label=str(one.label),
            choices=choices,
            required=False,
            initial=[held] if isinstance(held, str) else held,
            widget=forms.CheckboxSelectMultiple,
        )
    if one.type is Type.FLAG:
        held = str(said["value"]).lower() if said else ""
        return forms.ChoiceField(label=str(one.label), choices=YES_NO, required=False, initial=held)
    if one.type in (Type.MONEY, Type.NUMBER):
        held = said["value"] if said and said["op"] == ">=" else None
        label = _("%(name)s at least") % {"name": one.label}
        return forms.DecimalField(label=label, min_value=0, max_digits=18, required=False, initial=held)
    return None


def _plain(value: Any) -> Any:
    """Numbers as texts of digits, as JSON keeps amounts."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{Decimal(value).normalize():f}"
    return value


def _ordered(activity: Activity, where: Where) -> Where:
    """The conditions as where_of() writes them, as far as they are of its kinds."""
    places = {one.name: place for place, one in enumerate(activity.properties)}
    found = []
    for one in sorted(where, key=lambda one: places[one["property"]]):
        if one["op"] == "=" and isinstance(one["value"], str):
            one = {**one, "op": "in", "value": [one["value"]]}
        found.append({**one, "value": _plain(one["value"])} if "value" in one else one)
    return found


def bound(form: forms.Form, names: Sequence[str]) -> list[forms.BoundField]:
    """The fields of these names, as far as the form has them."""
    return [form[name] for name in names if name in form.fields]
