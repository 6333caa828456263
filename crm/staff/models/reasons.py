"""The reasons that people give, for somebody else to understand."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual

SHORTEST_REASON = 4  # characters


def in_words(field: str, *, model: str) -> models.CheckConstraint:
    """A constraint: the reason is long enough to be understood."""
    return models.CheckConstraint(
        name=f"{model}_{field}_in_words",
        condition=Q(GreaterThanOrEqual(Length(Trim(field)), SHORTEST_REASON)),
    )
