"""How a stage is shown, the same wherever it appears."""

from __future__ import annotations

from typing import Any

from django import template

from members.lifecycle.bits import WARNINGS, names
from members.lifecycle.models import Stage, SubState, WarningKind

register = template.Library()


@register.inclusion_tag("lifecycle/stage.html")
def stage(name: str | None, sub_state: str | None = None) -> dict[str, Any]:
    """The stage in its colour, with its sub-state; for a member not staged yet a quiet word."""
    return {
        "name": name,
        "label": Stage(name).label if name else "",
        "sub_label": SubState(sub_state).label if sub_state else "",
    }


@register.inclusion_tag("lifecycle/warnings.html")
def warning_tags(bits: int) -> dict[str, Any]:
    """A tag for each churn warning among the bits of Standing.warnings."""
    return {"labels": [WarningKind(name).label for name in names(bits, WARNINGS)]}


@register.filter
def stage_label(name: str | None) -> str:
    """The stage's name in the reader's language."""
    return str(Stage(name).label) if name else ""


@register.filter
def sub_state_label(name: str | None) -> str:
    """The sub-state's name in the reader's language."""
    return str(SubState(name).label) if name else ""
