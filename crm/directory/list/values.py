"""The value of a field as its reader may see it, and as it stands in a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from crm.directory.list.request.columns import level_of
from crm.runtime.clock import day_of
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import MaskLevel
from crm.staff.privacy.masking import mask
from members.rules.catalogue.choices import read_choices
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Type

Words = Callable[[Any], str]


def seen_by(field: Field, staff: Staff) -> Callable[[Any, bool], Any]:
    """What this person sees of a stored value (`own`: of the own book); None where it is hidden.

    A choice that does not exist for them is not there. At most one query.
    """
    levels = {own: level_of(field, staff, own=own) for own in (True, False)}
    seen = read_choices(partial(field.choices_for, staff)) if field.choices_for else None
    known = None if seen is None else {choice.value for choice in seen}

    def see(stored: Any, own: bool) -> Any:
        level, kind = levels[own]
        if stored is None or level is MaskLevel.HIDDEN:
            return None
        value = field.decrypt(stored) if field.decrypt else stored
        if known is not None:
            if field.type is Type.SET:
                return [one for one in value if one in known]
            return value if value in known else None
        return value if level is MaskLevel.PLAIN else mask(kind, str(value))

    return see


def words_of(field: Field) -> Words:
    """Values of a CHOICE or a SET in words; names that SQL gives stand as they are."""
    if field.display.sql or field.choices is None:
        return str
    words: Mapping[str, str] = {choice.value: str(choice.label) for choice in read_choices(field.choices)}
    return lambda value: words.get(value, value)


def as_text(field: Field) -> Callable[[Any], object]:
    """Values as cells of a file: amounts and numbers, days, texts."""
    if field.display.text:
        return field.display.text
    words = words_of(field)
    match field.type:
        case Type.INSTANT:
            return lambda value: day_of(value) if isinstance(value, datetime) else value
        case Type.FLAG:
            return lambda value: _("Yes") if value else _("No")
        case Type.SET:
            return lambda value: ", ".join(map(words, value or ()))
        case Type.CHOICE:
            return lambda value: words(value) if value else value
        case _:
            return lambda value: value
