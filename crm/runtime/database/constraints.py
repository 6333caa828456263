"""Check constraints that every app writes the same way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

# Amounts stay below it, so that ten thousand of the largest of one member still fit where sums are kept.
MONEY_DIGITS = 14  # before the decimal point


def one_of(field: str, choices: type[models.TextChoices], *, model: str) -> models.CheckConstraint:
    """The field holds one of the choices (or NULL where the column allows it)."""
    return models.CheckConstraint(
        name=f"{model}_{field}_known",
        condition=Q(**{f"{field}__in": choices.values}),
        violation_error_message=f"{field}: not one of {', '.join(choices.values)}",
    )


def positive(field: str, *, model: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=f"{model}_{field}_positive", condition=Q(**{f"{field}__gt": 0}))


def not_negative(field: str, *, model: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=f"{model}_{field}_not_negative", condition=Q(**{f"{field}__gte": 0}))


def bounded_money(field: str, *, model: str) -> models.CheckConstraint:
    """An amount of at most MONEY_DIGITS digits before the point: sums of it fit numeric(20,2)."""
    return models.CheckConstraint(
        name=f"{model}_{field}_bounded", condition=Q(**{f"{field}__lt": 10**MONEY_DIGITS})
    )
