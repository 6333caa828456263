"""A field compared with a value, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crm.runtime.extension.labels import Label
from members.rules.catalogue.types import Type
from members.rules.sentences import wording
from members.rules.sentences.wording import Choices


def compared(
    label: Label | str,
    type: Type,
    operator: str,
    value: Any,
    choices: Choices = None,
    unit: Label | None = None,
    *,
    happens: bool = False,
    negated: Label | None = None,
) -> str:
    """ "risk class is C4 or C5". Negative operators say that they leave out who has no value.

    `happens`: the label says what happens on a day, not when. `negated`: what it is called not to have it.
    """
    name = {"label": wording.in_sentence(label)}
    if operator == "missing":
        return _("%(label)s: not on record") % name
    if operator == "present":
        return _("%(label)s: on record") % name
    if type is Type.FLAG and negated:
        return wording.in_sentence(label if value else negated)
    if type is Type.FLAG:
        return (_("%(label)s: yes") if value else _("%(label)s: no")) % name
    if type is Type.SET:
        return _set(operator, value, choices) % name
    if happens and type in (Type.DAY, Type.INSTANT):
        return wording.happens(operator, value) % name
    if type in (Type.DAY, Type.INSTANT):
        return _("%(label)s %(days)s") % {**name, "days": wording.days(operator, value)}
    if type in (Type.MONEY, Type.NUMBER):
        if operator == "!=":
            text = _("%(label)s on record and not %(value)s")
            return text % {**name, "value": wording.amount(value, type, unit)}
        words = wording.numbers(operator, value, lambda one: wording.amount(one, type, unit))
        return _("%(label)s %(number)s") % {**name, "number": words}
    return _text(operator, value, choices) % name


def _text(operator: str, value: Any, choices: Choices) -> str:
    values = wording.chosen(value if isinstance(value, tuple) else (value,), choices)
    template = {
        "=": _("%%(label)s is %(value)s"),
        "in": _("%%(label)s is %(value)s"),
        "!=": _("%%(label)s is on record and not %(value)s"),
        "not_in": _("%%(label)s is on record and not %(value)s"),
        "starts_with": _("%%(label)s starts with %(value)s"),
        "contains": _("%%(label)s contains %(value)s"),
    }[operator]
    return template % {"value": wording.one_of(values).replace("%", "%%")}


def _set(operator: str, value: Any, choices: Choices) -> str:
    if operator == "empty":
        return _("%(label)s: none")
    if operator == "not_empty":
        return _("%(label)s: at least one")
    values = wording.chosen(value, choices)
    listed = wording.all_of(values) if operator == "has_all" else wording.one_of(values)
    template = _("%%(label)s: none of %(values)s") if operator == "has_none" else _("%%(label)s: %(values)s")
    return template % {"values": listed.replace("%", "%%")}
