"""The look-ups that a list of the administration answers: those of its own filters, and nothing else."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP

# Of a date hierarchy, with their bounds: Django goes on to the day after the period, which has to exist.
PARTS = {"year": (1, 9998), "month": (1, 12), "day": (1, 31)}


def is_declared(admin: ModelAdmin[Any], lookup: str, value: Any) -> bool:
    """Whether a query parameter belongs to a filter or the date hierarchy of the list and its value fits.

    `value` is what Django gives: a string, or a list of strings. Whatever is refused is answered with 400.
    """
    values = [str(one) for one in (value if isinstance(value, list | tuple) else [value])]
    if any("\0" in one for one in values):
        return False
    if any(lookup in _lookups_of(admin.model, name) for name in admin.list_filter if isinstance(name, str)):
        return True
    return any(_is_date_part(admin, lookup, one) for one in values)


def _lookups_of(model: type[Model], name: str) -> set[str]:
    """The parameters of a filter over a field, as Django's own filters name them."""
    found = {name, f"{name}__exact", f"{name}__isnull"}
    try:
        target = model._meta.get_field(name).related_model
    except FieldDoesNotExist:
        return found
    if isinstance(target, type):
        found.add(LOOKUP_SEP.join((name, target._meta.pk.name, "exact")))
    return found


def _is_date_part(admin: ModelAdmin[Any], lookup: str, value: str) -> bool:
    name, _, part = lookup.partition(LOOKUP_SEP)
    if not admin.date_hierarchy or name != admin.date_hierarchy or part not in PARTS:
        return False
    low, high = PARTS[part]
    return value.isascii() and value.isdigit() and len(value) <= 4 and low <= int(value) <= high
