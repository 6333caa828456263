"""Choices that one person may not ask about: a condition that names none of them can still tell of them."""

from __future__ import annotations

from functools import partial

from crm.staff.models import Staff
from members.rules.catalogue.activities import Property
from members.rules.catalogue.choices import read_choices
from members.rules.catalogue.fields import Field

# With these an answer depends on nothing but the values that are named.
NAMING = frozenset({"=", "in", "has_any", "has_all", "has_none"})


def hidden_choices(of: Field | Property, staff: Staff | None) -> frozenset[str]:
    """The values of a field or property, as registered, that do not exist for this person."""
    if staff is None or of.choices is None or of.choices_for is None:
        return frozenset()
    seen = {one.value for one in read_choices(partial(of.choices_for, staff))}
    return frozenset(one.value for one in read_choices(of.choices)) - seen
